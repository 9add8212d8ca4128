import type { LabelledText } from '../../../schemas/records.ts';
import { readCsv } from '../read-csv.ts';

const LABELS: ReadonlyMap<string, string> = new Map([
  ['0', 'ham'],
  ['1', 'spam'],
]);

/**
 * Because of unbalanced quotes in the original, some records contain the tab-separated records that follow
 * them.
 */
const SWALLOWED = /\n(ham|spam)\t/;

/**
 * Reads the catalog dataset `sms-spam` (UCI SMS Spam Collection): 5,574 messages labelled ham or spam.
 * Throws InvalidData if the file has another format.
 */
export function readSmsSpam(bytes: Uint8Array): LabelledText[] {
  const rows = readCsv({ bytes, name: 'sms-spam', textField: 'text', labelField: 'spam' });
  return rows.flatMap(({ text, label }) => {
    const [first, ...swallowed] = text.split(SWALLOWED);
    const records: LabelledText[] = [{ text: first, label: LABELS.get(label) ?? label }];
    for (let i = 0; i < swallowed.length; i += 2)
      records.push({ label: swallowed[i], text: swallowed[i + 1] });
    return records;
  });
}
