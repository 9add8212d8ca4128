import { isAscii } from 'node:buffer';
import { invalidData } from '../../../schemas/errors.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { parseRows } from '../read-csv.ts';

/**
 * Reads the catalog dataset `tweet-sentiment`: tweets labelled negative, neutral or positive. The original
 * encoding is lost, so rows with non-ASCII characters are damaged (a few are valid UTF-8 with wrong letters)
 * and left out. Throws InvalidData if the file has another format.
 */
export function readTweetSentiment(bytes: Uint8Array): LabelledText[] {
  const name = 'tweet-sentiment';
  // Latin-1 keeps every byte as one character, so each cell can be checked separately.
  const [header, ...rows] = parseRows({ text: Buffer.from(bytes).toString('latin1'), name });
  const label = header?.indexOf('sentiment') ?? -1;
  const text = header?.indexOf('text') ?? -1;
  if (label < 0 || text < 0) throw invalidData(`${name}: the columns sentiment and text are missing.`);
  return rows.flatMap((row) => {
    const cell = Buffer.from(row[text], 'latin1');
    return isAscii(cell) ? [{ text: row[text], label: row[label] }] : [];
  });
}
