import { createHash } from 'node:crypto';
import type { LabelledText } from '../../schemas/records.ts';
import { duplicateKey } from './normalise-text.ts';

/**
 * Keeps one record of each text, so that no text stands on both sides of a split. Rows of equal text are one privacy unit, and the record
 * that stands for them is one of these rows, chosen by counting: the most frequent spelling among all of them, whatever their labels, then
 * the most frequent label among the rows of that spelling. Ties go to the smaller SHA-256 digest.
 *
 * The order of the rows decides nothing: sorting or shuffling a file substitutes no record, and nobody can choose the record by placing a
 * row first. Counting is best for privacy because taking away one row changes the record only if a vote is won by a single row or tied.
 * With more rows ahead, the row is not in the result at all. The first row, or the smallest digest alone, would let one row outweigh
 * any number of others. Digests break ties because they favour no label.
 *
 * Returns the records in the order in which their texts first occur. Records are compared as they are: normalise them before.
 */
export function removeDuplicates(records: readonly LabelledText[]): LabelledText[] {
  const units = new Map<string, LabelledText[]>();
  for (const record of records) {
    const key = duplicateKey(record.text);
    const rows = units.get(key);
    if (rows === undefined) units.set(key, [record]);
    else rows.push(record);
  }
  return [...units.values()].map((rows) => (rows.length === 1 ? rows[0] : chosenOf(rows)));
}

function chosenOf(rows: readonly LabelledText[]): LabelledText {
  const text = mostFrequent(rows.map((row) => row.text));
  const labels = rows.filter((row) => row.text === text).map((row) => row.label);
  // With the text in the digest, the same two labels tie one way for some texts and the other way for others.
  return { text, label: mostFrequent(labels, text) };
}

/** The value that occurs most often; of equally frequent ones that with the smallest digest of `context` and itself. */
function mostFrequent(values: readonly string[], context = ''): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const tied = [...counts].filter(([, count]) => count === most).map(([value]) => value);
  return tied.length === 1 ? tied[0] : smallestDigest(tied, context);
}

function smallestDigest(values: readonly string[], context: string): string {
  const digest = (value: string) =>
    createHash('sha256')
      .update(JSON.stringify([context, value]))
      .digest('hex');
  const byDigest = values.map((value) => ({ value, digest: digest(value) }));
  return byDigest.reduce((least, one) => (one.digest < least.digest ? one : least)).value;
}
