import { CsvError, parse } from 'csv-parse/sync';
import { invalidData } from '../../schemas/errors.ts';
import type { ReadParams } from './read-jsonl.ts';

/**
 * The possible delimiters of columns. The comma comes first, so a file with commas is always read by them.
 */
export const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;
export type Delimiter = keyof typeof DELIMITERS;

/** The delimiter of the columns, and the numbers of the columns to read. */
export type CsvHeader = { delimiter: Delimiter; text: number; label: number };

/**
 * Finds the columns in the first line, with the delimiter that gives both. Throws InvalidData; its messages
 * contain only the configured field names, because the first line of a file without a header is a record.
 */
export function csvHeader(params: ReadParams): CsvHeader {
  const { bytes, name, textField, labelField } = params;
  const read = headerReadings({ bytes, name });
  const found =
    read.find(({ columns }) => columns.includes(textField) && columns.includes(labelField)) ??
    read.toSorted((a, b) => b.columns.length - a.columns.length)[0];
  const columnOf = (field: string, role: 'text' | 'label') => {
    const column = found.columns.indexOf(field);
    if (column < 0)
      throw invalidData(
        `${name}: no column ${field} among ${found.columns.length} columns; does the file have a header line? ` +
          `Add one, or set corpus.${role}Field.`,
      );
    if (column !== found.columns.lastIndexOf(field))
      throw invalidData(
        `${name}: the column ${field} occurs twice in the header line. Rename one, or set corpus.${role}Field.`,
      );
    return column;
  };
  return {
    delimiter: found.delimiter,
    text: columnOf(textField, 'text'),
    label: columnOf(labelField, 'label'),
  };
}

/**
 * Returns the names in the header line for each delimiter; no names if its quotes do not fit. Throws
 * InvalidData for an empty file.
 */
export function headerReadings(params: {
  bytes: Uint8Array;
  name: string;
}): { delimiter: Delimiter; columns: string[] }[] {
  const first = firstLine(params.bytes);
  if (first.length === 0)
    throw invalidData(`${params.name} is empty: a header line with the column names is needed.`);
  return (Object.keys(DELIMITERS) as Delimiter[]).map((delimiter) => ({
    delimiter,
    columns: columnsOf(first, delimiter),
  }));
}

function columnsOf(line: Buffer, delimiter: Delimiter): string[] {
  try {
    const [columns = []] = parse(line, { bom: true, to: 1, delimiter, skip_empty_lines: true }) as string[][];
    return columns;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return [];
  }
}

/** Enough of the file to contain its header, since quoted names may contain line ends. */
const HEADER_BYTES = 2 ** 20;

function firstLine(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = text.findIndex((byte) => byte !== 0x0a && byte !== 0x0d);
  return start < 0 ? Buffer.alloc(0) : text.subarray(start, start + HEADER_BYTES);
}
