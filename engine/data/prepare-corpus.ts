import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { corpusReader } from './corpus-reader.ts';
import { selectRecords } from './select-records.ts';
import { splitCorpus } from './split-corpus.ts';
import { unitDigest } from './unit-digest.ts';
import { unitSetDigest } from './unit-set.ts';

/** With fewer records the noise drowns what they say at any useful epsilon, and delta < 1/n protects little. */
export const MINIMUM_TRAINING_RECORDS = 50;

/** `counts` and `unitSet` are computed from private records: internal area only. */
export type PreparedRecords = {
  train: LabelledText[];
  test: LabelledText[];
  /** Digest of the set of all units that were read, with any label: the same corpus under other settings has the same. */
  unitSet: string;
  /** What was left out. */
  counts: ReturnType<typeof selectRecords>['counts'];
};

/**
 * Reads a corpus, keeps the declared labels, removes duplicates, and splits. With `units`, only records with one of these
 * digests (see unitDigest) are kept.
 * Throws InvalidData for a corpus that cannot be used.
 */
export function prepareCorpus(params: {
  bytes: Uint8Array;
  corpus: CorpusConfig;
  seed: number;
  units?: ReadonlySet<string>;
}): PreparedRecords {
  const { bytes, corpus, seed, units } = params;
  const { labels, source, testFraction } = corpus;
  const read = corpusReader(corpus)(bytes);
  const ofPart = (all: LabelledText[]) =>
    units === undefined ? all : all.filter(({ text }) => units.has(unitDigest(text)));
  const { counts, records: selected } = selectRecords({ records: read, labels, name: source });
  const records = ofPart(selected);
  const { train, test } = splitCorpus({ records, testFraction, seed });
  requireEnough({ train, test, source });
  return { train, test, unitSet: unitSetDigest(ofPart(read).map(({ text }) => text)), counts };
}

function requireEnough(params: { train: LabelledText[]; test: LabelledText[]; source: string }): void {
  const { train, test, source } = params;
  if (train.length < MINIMUM_TRAINING_RECORDS)
    throw invalidData(
      `${source} leaves too few training records after duplicates and the split: ` +
        `a DP corpus needs at least ${MINIMUM_TRAINING_RECORDS}. Give more records, or a smaller corpus.testFraction.`,
    );
  if (test.length === 0)
    throw invalidData(
      `${source} leaves no test records. Give more records, or a larger corpus.testFraction.`,
    );
  if (new Set(train.map(({ label }) => label)).size < 2)
    throw invalidData(`The training records of ${source} have one label only: at least two are needed.`);
}
