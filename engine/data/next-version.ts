import { createHash } from 'node:crypto';
import type { LabelledText } from '../../schemas/records.ts';
import { MINIMUM_TRAINING_RECORDS } from './prepare-corpus.ts';
import { splitCorpus } from './split-corpus.ts';
import { unitDigest } from './unit-digest.ts';

/** What a next version is made of: `units` are the digests of its records, sorted. Private. */
export type NextVersion = { content: string; units: string[] };

/**
 * Which records a next version of a release is made of, or why there is to be none. All of them where any has changed since the last
 * version (`full`), or those that no version has used (`incremental`): `too-few` of them wait until there are enough to train on.
 * The answer is computed from private records without noise.
 */
export function nextVersion(params: {
  mode: 'full' | 'incremental';
  /** Selected, without duplicates, and without those of a test set that is apart. */
  records: LabelledText[];
  /** `content` of the version that is published, or null. */
  published: string | null;
  /** Digests of records that a version has used, also one that failed. Asked in mode incremental only. */
  isUsed: (unit: string) => boolean;
  /** null if the test set is apart: all of `records` are for training. */
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

/** Of all records with their labels, whatever their order. */
function contentDigest(records: LabelledText[]): string {
  const lines = records.map(({ text, label }) => JSON.stringify([text, label])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
