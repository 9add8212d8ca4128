import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { readJsonl } from './read-jsonl.ts';

export const RECORDS_MEDIA_TYPE = 'application/jsonl';

/** Number of records written at a time. */
const PIECE = 1000;

/**
 * Returns records in the format of the artifact store: JSONL of `{text, label}`, with `label_probabilities`
 * and `weight` if a selection gave them.
 */
export function formatRecords(records: readonly LabelledText[]): string {
  return records.map((record) => `${JSON.stringify(releasedFields(record))}\n`).join('');
}

/** The fields of a record that corpora have, and no other. */
export function releasedFields({ text, label, label_probabilities, weight }: LabelledText): LabelledText {
  return { text, label, ...(label_probabilities && { label_probabilities }), ...(weight && { weight }) };
}

/** Yields the same format in pieces, for a corpus longer than the longest string. */
export async function* recordPieces(records: readonly LabelledText[]): AsyncGenerator<string> {
  for (let from = 0; from < records.length; from += PIECE)
    yield formatRecords(records.slice(from, from + PIECE));
}

/** Reads records in the format of `formatRecords`. Throws InvalidData with the line number. */
export function parseRecords(bytes: Uint8Array, name: string): LabelledText[] {
  const records = readJsonl({ bytes, name, textField: 'text', labelField: 'label' });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return /"(label_probabilities|weight)":/.test(text.toString('latin1'))
    ? withLessons(records, text.toString('utf8'))
    : records;
}

/** Adds what a selected text teaches beside its label. */
function withLessons(records: LabelledText[], text: string): LabelledText[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return records.map((record, row) => {
    const { label_probabilities, weight } = JSON.parse(lines[row]) as LabelledText;
    return releasedFields({ ...record, label_probabilities, weight });
  });
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
