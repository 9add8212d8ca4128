import { CsvError, type Options, parse } from 'csv-parse/sync';
import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { type CsvHeader, csvHeader, headerReadings } from './csv-header.ts';
import type { ReadParams } from './read-jsonl.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** Longest first, because the parser takes the first match. */
const ANY_LINE_END = ['\r\r\n', '\r\n', '\n', '\r'];

/**
 * Reads CSV with a header row (RFC 4180: quoted fields may contain commas, quotes and line ends). Columns are
 * separated by commas, semicolons or tabs. Throws InvalidData with the line number for damaged text, broken
 * quoting or rows of the wrong width, and for a missing or duplicate column. Messages never quote a cell,
 * because without a header line the first line is a record.
 */
export function readCsv(params: ReadParams): LabelledText[] {
  const bytes = utf8Bytes(params);
  const header = csvHeader({ ...params, bytes });
  const rows = parseRows({ text: bytes, name: params.name, delimiter: header.delimiter });
  return rows.slice(1).map((row) => ({ text: row[header.text], label: row[header.label] }));
}

/**
 * Returns all columns of a CSV file, header line first. Chooses the delimiter with the most columns that fits
 * every row. Throws InvalidData like `readCsv`, and for a file with one column.
 */
export function readCsvTable(params: { bytes: Uint8Array; name: string }): string[][] {
  const { name } = params;
  const bytes = utf8Bytes(params);
  const readings = headerReadings({ bytes, name })
    .filter(({ columns }) => columns.length > 1)
    .sort((a, b) => b.columns.length - a.columns.length);
  if (readings.length === 0)
    throw invalidData(
      `${name} has only one column: a text and a label are needed, separated by commas, semicolons or tabs.`,
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

/** Returns where the columns of a CSV file are. Throws InvalidData like `readCsv`. */
export function readCsvHeader(params: ReadParams): CsvHeader {
  return csvHeader({ ...params, bytes: utf8Bytes(params) });
}

/** Returns the cells of a CSV text. Throws InvalidData with the line number. */
export function parseRows(params: { text: Buffer | string; name: string; delimiter?: string }): string[][] {
  const { text, name, delimiter = ',' } = params;
  const options: Options = { bom: true, skip_empty_lines: true, delimiter };
  try {
    // In almost every file all rows have the line end of the first one. Others may occur inside cells.
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
