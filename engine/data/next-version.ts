import { createHash } from 'node:crypto';
import type { LabelledText } from '../../schemas/records.ts';
import { MINIMUM_TRAINING_RECORDS } from './prepare-corpus.ts';
import { splitCorpus } from './split-corpus.ts';
import { unitDigest } from './unit-digest.ts';

/** The records of a next version; `units` are their digests, sorted. Private. */
export type NextVersion = { content: string; units: string[] };

/**
 * Returns the records for the next version of a release, or why there is none. In mode `full` these are all
 * records, if any changed since the last version. In mode `incremental` they are the records that no version
 * has used; `too-few` means that they wait until there are enough to train on. The result is computed from
 * private records without noise.
 */
export function nextVersion(params: {
  mode: 'full' | 'incremental';
  /** Selected records, without duplicates and without those of a separate test set. */
  records: LabelledText[];
  /** `content` of the published version, or null. */
  published: string | null;
  /**
   * Whether a version, even a failed one, has used the record with this digest. Called only in mode
   * incremental.
   */
  isUsed: (unit: string) => boolean;
  /** null if the test set is separate; then all `records` are for training. */
  testFraction: number | null;
  seed: number;
  expectedBatchSize: number;
}): NextVersion | 'unchanged' | 'too-few' {
  const { mode, records, published, isUsed, testFraction, seed, expectedBatchSize } = params;
  if (mode === 'full') {
    const content = contentDigest(records);
    return content === published ? 'unchanged' : { content, units: unitsOf(records) };
  }
  const fresh = records.filter(({ text }) => !isUsed(unitDigest(text)));
  if (fresh.length === 0) return 'unchanged';
  const { train, test } = splitCorpus({ records: fresh, testFraction: testFraction ?? 0, seed });
  const isEnough =
    train.length >= Math.max(MINIMUM_TRAINING_RECORDS, expectedBatchSize) &&
    (testFraction === null || test.length > 0) &&
    new Set(train.map(({ label }) => label)).size > 1;
  return isEnough ? { content: contentDigest(records), units: unitsOf(fresh) } : 'too-few';
}

function unitsOf(records: LabelledText[]): string[] {
  return records.map(({ text }) => unitDigest(text)).sort();
}

/** Returns the digest of all records with their labels, whatever their order. */
function contentDigest(records: LabelledText[]): string {
  const lines = records.map(({ text, label }) => JSON.stringify([text, label])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
