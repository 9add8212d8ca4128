import { CsvError, type Options, parse } from 'csv-parse/sync';
import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { type CsvHeader, csvHeader, headerReadings } from './csv-header.ts';
import type { ReadParams } from './read-jsonl.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** The longest first: the parser takes the first that fits. */
const ANY_LINE_END = ['\r\r\n', '\r\n', '\n', '\r'];

/**
 * CSV with a header row (RFC 4180: quoted fields may hold commas, quotes and line ends), its columns divided by commas, semicolons
 * or tabs. Throws InvalidData for damaged text, broken quoting or rows of the wrong width, with the line number, and for a
 * column that is missing or stands twice. Without a header line the first record stands in its place: no cell is ever quoted.
 */
export function readCsv(params: ReadParams): LabelledText[] {
  const bytes = utf8Bytes(params);
  const header = csvHeader({ ...params, bytes });
  const rows = parseRows({ text: bytes, name: params.name, delimiter: header.delimiter });
  return rows.slice(1).map((row) => ({ text: row[header.text], label: row[header.label] }));
}

/**
 * All columns of a CSV file, the header line first, under the delimiter that gives most of them and fits every row. Throws InvalidData
 * as `readCsv` does, and for a file of one column.
 */
export function readCsvTable(params: { bytes: Uint8Array; name: string }): string[][] {
  const { name } = params;
  const bytes = utf8Bytes(params);
  const readings = headerReadings({ bytes, name })
    .filter(({ columns }) => columns.length > 1)
    .sort((a, b) => b.columns.length - a.columns.length);
  if (readings.length === 0)
    throw invalidData(
      `${name} has one column only: a text and a label are needed, divided by commas, semicolons or tabs.`,
    );
  const failures: unknown[] = [];
  for (const { delimiter } of readings) {
    try {
      return parseRows({ text: bytes, name, delimiter });
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

/** Where the columns of a CSV file are. Throws InvalidData as `readCsv` does. */
export function readCsvHeader(params: ReadParams): CsvHeader {
  return csvHeader({ ...params, bytes: utf8Bytes(params) });
}

/** The cells of a CSV text. Throws InvalidData with the line number. */
export function parseRows(params: { text: Buffer | string; name: string; delimiter?: string }): string[][] {
  const { text, name, delimiter = ',' } = params;
  const options: Options = { bom: true, skip_empty_lines: true, delimiter };
  try {
    // The line end of the first line is that of all in almost every file. Others may stand inside cells there.
    return cells(text, options);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  try {
    return cells(text, { ...options, record_delimiter: ANY_LINE_END });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser's own message quotes cells, which are private.
    const line = typeof error.lines === 'number' ? `, line ${error.lines}` : '';
    throw invalidData(
      `${name}${line}: not valid CSV (${error.code}). Check quotes and the number of columns.`,
    );
  }
}

function cells(text: Buffer | string, options: Options): string[][] {
  return parse(text, options) as unknown as string[][];
}
