import { constants } from 'node:buffer';
import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { parseLenientJson } from './lenient-json.ts';
import { utf8Bytes } from './utf8-bytes.ts';

export type ReadParams = {
  bytes: Uint8Array;
  /** Name of the file for messages. */
  name: string;
  textField: string;
  labelField: string;
};

const LINE_FEED = 0x0a;

/**
 * Reads one JSON object per line and skips blank lines. Labels may be strings, numbers or booleans. Throws
 * InvalidData with the line number for damaged text, bad JSON or a missing field. Messages contain only the
 * configured field names, because other keys may be as private as values.
 */
export function readJsonl(params: ReadParams): LabelledText[] {
  const records: LabelledText[] = [];
  for (const { object, line } of jsonLines(params))
    records.push(recordOf(object, `${params.name}, line ${line}`, params));
  return records;
}

/**
 * Yields the objects of a JSONL file with their line numbers. Throws InvalidData with the line number for
 * anything else.
 */
export function* jsonLines(params: {
  bytes: Uint8Array;
  name: string;
}): Generator<{ object: object; line: number }> {
  const { name } = params;
  let line = 0;
  for (const text of linesOf(utf8Bytes(params), name)) {
    line++;
    const values = parseLine(text);
    if (values === null)
      throw invalidData(`${name}, line ${line} is not valid JSON. Each line must be one JSON object.`);
    for (const object of values) {
      if (typeof object !== 'object' || object === null || Array.isArray(object))
        throw invalidData(`${name}, line ${line} is not a JSON object. Each line must be one JSON object.`);
      yield { object, line };
    }
  }
}

/** Yields lines one at a time, because a file may be longer than the longest string. */
function* linesOf(bytes: Buffer, name: string): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, from);
    const to = found < 0 ? bytes.length : found;
    if (to - from > constants.MAX_STRING_LENGTH)
      throw invalidData(`${name} has a line that is too long. Each line must be one JSON object.`);
    yield bytes.toString('utf8', from, to);
    from = to + 1;
  }
}

/**
 * Returns the values of a line: none if it is blank, several if lines end with carriage returns; null if it
 * is not JSON.
 */
function parseLine(line: string): unknown[] | null {
  if (line.trim() === '') return [];
  const whole = parseLenientJson(line);
  if (whole !== undefined) return [whole];
  if (!line.includes('\r')) return null;
  const parts = line.split(/\r+/).filter((part) => part.trim() !== '');
  const values = parts.map(parseLenientJson);
  return values.includes(undefined) ? null : values;
}

function recordOf(value: object, where: string, fields: ReadParams): LabelledText {
  const { textField, labelField } = fields;
  const text = fieldOf({ row: value, field: textField, role: 'text', where });
  const label = fieldOf({ row: value, field: labelField, role: 'label', where });
  if (typeof text !== 'string') throw invalidData(`${where}: the field "${textField}" is not a string.`);
  if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean')
    throw invalidData(`${where}: the field "${labelField}" is not a string, number or boolean.`);
  if (typeof label === 'number' && Math.abs(label) > Number.MAX_SAFE_INTEGER)
    throw invalidData(
      `${where}: the field "${labelField}" is a number beyond 2^53, which JSON numbers cannot represent exactly. Write it as a string.`,
    );
  return { text, label: String(label) };
}

function fieldOf(params: { row: object; field: string; role: 'text' | 'label'; where: string }): unknown {
  const { row, field, role, where } = params;
  if (Object.hasOwn(row, field)) return (row as Record<string, unknown>)[field];
  throw invalidData(`${where} has no field "${field}" for the ${role}. Set corpus.${role}Field.`);
}
