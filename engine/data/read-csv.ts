import { CsvError, parse } from 'csv-parse/sync';
import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import type { ReadParams } from './read-jsonl.ts';

/**
 * CSV with a header row (RFC 4180: quoted fields may hold commas, quotes and line ends).
 * Throws InvalidData for bad UTF-8, broken quoting or rows of the wrong width, with the line number, and for a
 * missing column, with the columns that exist. Never quotes a value.
 */
export function readCsv(params: ReadParams): LabelledText[] {
  const { bytes, name, textField, labelField } = params;
  const [header, ...rows] = parseRows(decodeUtf8({ bytes, name }), name);
  if (header === undefined)
    throw invalidData(`${name} is empty: a header row with the column names is needed.`);
  const textColumn = columnOf({ name, header, field: textField, role: 'text' });
  const labelColumn = columnOf({ name, header, field: labelField, role: 'label' });
  return rows.map((row) => ({ text: row[textColumn], label: row[labelColumn] }));
}

/** The cells of a CSV text. Throws InvalidData with the line number. */
export function parseRows(text: string, name: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser's own message quotes cells, which are private.
    const line = typeof error.lines === 'number' ? `, line ${error.lines}` : '';
    throw invalidData(
      `${name}${line}: not valid CSV (${error.code}). Check quotes and the number of columns.`,
    );
  }
}

function columnOf(params: { name: string; header: string[]; field: string; role: string }): number {
  const { name, header, field, role } = params;
  const column = header.indexOf(field);
  if (column < 0)
    throw invalidData(
      `${name} has no column "${field}" for the ${role}; it has: ${header.join(', ')}. Set corpus.${role}Field.`,
    );
  return column;
}
