import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { readJsonl } from './read-jsonl.ts';

export const RECORDS_MEDIA_TYPE = 'application/jsonl';

/** Number of records written at a time. */
const PIECE = 1000;

/** Returns records in the format of the artifact store: JSONL of `{text, label}`. */
export function formatRecords(records: readonly LabelledText[]): string {
  return records.map(({ text, label }) => `${JSON.stringify({ text, label })}\n`).join('');
}

/** Yields the same format in pieces, for a corpus longer than the longest string. */
export async function* recordPieces(records: readonly LabelledText[]): AsyncGenerator<string> {
  for (let from = 0; from < records.length; from += PIECE)
    yield formatRecords(records.slice(from, from + PIECE));
}

/** Reads records in the format of `formatRecords`. Throws InvalidData with the line number. */
export function parseRecords(bytes: Uint8Array, name: string): LabelledText[] {
  return readJsonl({ bytes, name, textField: 'text', labelField: 'label' });
}

/** Returns the number of records of each label, in the order of the labels. */
export function countLabels(records: LabelledText[], labels: string[]): Record<string, number> {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label } of records) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Returns each record's index into `labels`. Throws InvalidData for any other label. */
export function labelIndices(records: LabelledText[], labels: string[], name: string): Int32Array {
  const index = new Map(labels.map((label, i) => [label, i]));
  return Int32Array.from(records, ({ label }, row) => {
    const found = index.get(label);
    if (found === undefined)
      throw invalidData(`${name}, record ${row + 1}: its label is not among the declared labels.`);
    return found;
  });
}
