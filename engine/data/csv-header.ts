import { CsvError, parse } from 'csv-parse/sync';
import { invalidData } from '../../schemas/errors.ts';
import type { ReadParams } from './read-jsonl.ts';

/** What may divide the columns; the comma first, so that a file that has it is never read in another way. */
export const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;
export type Delimiter = keyof typeof DELIMITERS;

/** How the columns are divided, and the numbers of those that are read. */
export type CsvHeader = { delimiter: Delimiter; text: number; label: number };

/**
 * Finds the columns in the first line by the delimiter under which both are there. Throws InvalidData; messages name the configured
 * fields alone, because a file without a header has its first record there.
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
        `${name}: no column ${field} among ${found.columns.length} columns; has the file a header line? ` +
          `Add one, or set corpus.${role}Field.`,
      );
    if (column !== found.columns.lastIndexOf(field))
      throw invalidData(
        `${name}: the column ${field} stands twice in the header line. Rename one, or set corpus.${role}Field.`,
      );
    return column;
  };
  return {
    delimiter: found.delimiter,
    text: columnOf(textField, 'text'),
    label: columnOf(labelField, 'label'),
  };
}

/** The names in the header line under each delimiter; none where its quotes do not fit. Throws InvalidData for an empty file. */
export function headerReadings(params: {
  bytes: Uint8Array;
  name: string;
}): { delimiter: Delimiter; columns: string[] }[] {
  const first = firstLine(params.bytes);
  if (first.length === 0)
    throw invalidData(`${params.name} is empty: a header line with the names of the columns is needed.`);
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

/** As much of the file as surely holds its header: a name may be quoted and hold line ends. */
const HEADER_BYTES = 2 ** 20;

function firstLine(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = text.findIndex((byte) => byte !== 0x0a && byte !== 0x0d);
  return start < 0 ? Buffer.alloc(0) : text.subarray(start, start + HEADER_BYTES);
}
