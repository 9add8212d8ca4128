import { createHash } from 'node:crypto';
import type { LabelledText } from '../../schemas/records.ts';
import { duplicateKey } from './normalise-text.ts';

/**
 * Keeps one record per text, so that no text is on both sides of a split. Rows with equal text are one
 * privacy unit, represented by one of these rows. Counting chooses it: the most frequent spelling among all
 * of them, whatever their labels, then the most frequent label among the rows with that spelling. Ties go to
 * the smaller SHA-256 digest.
 *
 * The order of the rows has no effect: sorting or shuffling a file replaces no record, and nobody can choose
 * the record by putting a row first. Counting is best for privacy: removing one row changes the record only
 * if a vote is tied or won by a single row. If the lead is larger, the row has no effect on the result. The
 * first row, or the smallest digest alone, would let one row outweigh any number of others. Digests break
 * ties because they favour no label.
 *
 * Returns the records in the order in which their texts first occur. Records are compared unchanged, so
 * normalise them first.
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
  // With the text in the digest, a tie between two labels goes one way for some texts and the other way for
  // others.
  return { text, label: mostFrequent(labels, text) };
}

/** Returns the most frequent value. A tie goes to the smallest digest of `context` and the value. */
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
