import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { type SeparatedRecords, separateTestSet } from './separate-test-set.ts';
import { type CorpusSplit, splitCorpus } from './split-corpus.ts';
import { unitDigest } from './unit-digest.ts';
import { unitSetDigest } from './unit-set.ts';

/** With fewer records the noise drowns what they say at any useful epsilon, and delta < 1/n protects little. */
export const MINIMUM_TRAINING_RECORDS = 50;

/** `counts` and `unitSet` are computed from private records: internal area only. */
export type PreparedRecords = {
  train: LabelledText[];
  test: LabelledText[];
  /**
   * Digest of the set of all units of the corpus file, with any label: the same corpus under other settings has the same, also with
   * another test set. Records of a separate test source do not count.
   */
  unitSet: string;
  /** What was left out. */
  counts: SeparatedRecords['counts'];
};

/**
 * Reads a corpus, keeps the declared labels, removes duplicates, and splits. With `units`, only records with one of these
 * digests (see unitDigest) are kept; a test set that `corpus.test` names is always whole. `testBytes` is the content of `corpus.test` if
 * that names a source.
 * Throws InvalidData for a corpus that cannot be used.
 */
export function prepareCorpus(params: {
  bytes: Uint8Array;
  testBytes?: Uint8Array;
  corpus: CorpusConfig;
  seed: number;
  units?: ReadonlySet<string>;
}): PreparedRecords {
  const { corpus, seed, units } = params;
  const { read, records, test: own, counts } = separateTestSet(params);
  const ofPart = (all: LabelledText[]) =>
    units === undefined ? all : all.filter(({ text }) => units.has(unitDigest(text)));
  const { train, test } = split({ records: ofPart(records), own, testFraction: corpus.testFraction, seed });
  requireEnough({ train, test, corpus });
  return { train, test, unitSet: unitSetDigest(ofPart(read).map(({ text }) => text)), counts };
}

/** Both parts are in the order of the split, which says nothing of the order of a file. */
function split(params: {
  records: LabelledText[];
  own: LabelledText[] | null;
  testFraction: number;
  seed: number;
}): CorpusSplit {
  const { records, own, testFraction, seed } = params;
  if (own === null) return splitCorpus({ records, testFraction, seed });
  const { train } = splitCorpus({ records, testFraction: 0, seed });
  const { test } = splitCorpus({ records: own, testFraction: 1, seed });
  return { train, test };
}

function requireEnough(params: { train: LabelledText[]; test: LabelledText[]; corpus: CorpusConfig }): void {
  const { train, test, corpus } = params;
  const { source } = corpus;
  const isSplit = corpus.test === undefined;
  if (train.length < MINIMUM_TRAINING_RECORDS)
    throw invalidData(
      `${source} leaves too few training records after duplicates and ${isSplit ? 'the split' : 'the records of the test set'}: ` +
        `a DP corpus needs at least ${MINIMUM_TRAINING_RECORDS}. Give more records, or ${isSplit ? 'a smaller corpus.testFraction' : 'another corpus.test'}.`,
    );
  if (test.length === 0)
    throw invalidData(
      `${source} leaves no test records. Give more records, or a larger corpus.testFraction.`,
    );
  if (new Set(train.map(({ label }) => label)).size < 2)
    throw invalidData(`The training records of ${source} have one label only: at least two are needed.`);
}
