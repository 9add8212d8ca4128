import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { decodeUtf8 } from './decode-utf8.ts';

export type ReadParams = {
  bytes: Uint8Array;
  /** The name of the file in messages. */
  name: string;
  textField: string;
  labelField: string;
};

/**
 * One JSON object a line; blank lines are passed over. Labels may be strings, numbers or booleans.
 * Throws InvalidData with the line number for bad UTF-8, bad JSON or a missing field. Never quotes a value.
 */
export function readJsonl(params: ReadParams): LabelledText[] {
  const { bytes, name, textField, labelField } = params;
  const records: LabelledText[] = [];
  for (const [index, line] of decodeUtf8({ bytes, name }).split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${name}, line ${index + 1}`;
    const row = parseObject(line, where);
    const text = row[textField];
    const label = row[labelField];
    if (text === undefined) throw missingField({ where, field: textField, role: 'text', row });
    if (label === undefined) throw missingField({ where, field: labelField, role: 'label', row });
    if (typeof text !== 'string') throw invalidData(`${where}: the field "${textField}" is not a string.`);
    if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean')
      throw invalidData(`${where}: the field "${labelField}" is not a string, number or boolean.`);
    records.push({ text, label: String(label) });
  }
  return records;
}

function parseObject(line: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's own message quotes the line, which is private.
    throw invalidData(`${where} is not valid JSON. Each line must be one JSON object.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidData(`${where} is not a JSON object. Each line must be one JSON object.`);
  return value as Record<string, unknown>;
}

function missingField(params: {
  where: string;
  field: string;
  role: string;
  row: Record<string, unknown>;
}): Error {
  const { where, field, role, row } = params;
  return invalidData(
    `${where} has no field "${field}" for the ${role}; it has: ${Object.keys(row).join(', ') || 'none'}. ` +
      `Set corpus.${role}Field.`,
  );
}
