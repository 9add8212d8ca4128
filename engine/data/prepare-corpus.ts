import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { type SeparatedRecords, separateTestSet } from './separate-test-set.ts';
import { type CorpusSplit, splitCorpus } from './split-corpus.ts';
import { unitDigest } from './unit-digest.ts';
import { unitSetDigest } from './unit-set.ts';

/** With fewer records the noise drowns the signal at any useful epsilon, and delta < 1/n protects little. */
export const MINIMUM_TRAINING_RECORDS = 50;

/** `counts` and `unitSet` are computed from private records, so they stay in the internal area. */
export type PreparedRecords = {
  train: LabelledText[];
  test: LabelledText[];
  /**
   * Digest of the set of all units of the corpus file, whatever their label. It does not depend on other
   * settings or on the test set. Records of a separate test source are not included.
   */
  unitSet: string;
  /** The numbers of records left out. */
  counts: SeparatedRecords['counts'];
};

/**
 * Reads a corpus, keeps the declared labels, removes duplicates, and splits. With `units`, keeps only records
 * with one of these digests (see unitDigest); a test set named by `corpus.test` is always complete.
 * `testBytes` is the content of `corpus.test` if that names a source. Throws InvalidData for an unusable
 * corpus.
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

/**
 * Splits the records. Both parts are in the order of the split, which reveals nothing about the order of a
 * file.
 */
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
    throw invalidData(`The training records of ${source} have only one label: at least two are needed.`);
}
