import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { decodeUtf8 } from '../../../engine/data/decode-utf8.ts';
import { invalidData } from '../../../schemas/errors.ts';

/**
 * Reads the texts of a file: `.jsonl` with one object with a string `text` per line, or `.txt` with one text
 * per line (an empty line is an empty text). Throws InvalidData with the line number, never with the text.
 */
export async function readTexts(path: string): Promise<string[]> {
  const kind = extname(path).toLowerCase();
  if (kind !== '.jsonl' && kind !== '.txt')
    throw invalidData(
      `${path}: give a .jsonl file with a "text" field, or a .txt file with one text per line.`,
    );
  const lines = decodeUtf8({ bytes: await readBytes(path), name: path }).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw invalidData(`${path} holds no texts.`);
  if (kind === '.txt') return lines;
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [textOf(line, `${path}, line ${i + 1}`)]));
}

function textOf(line: string, where: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalidData(`${where} is not JSON.`);
  }
  const text = value !== null && typeof value === 'object' && 'text' in value ? value.text : undefined;
  if (typeof text !== 'string') throw invalidData(`${where} has no string "text".`);
  return text;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw invalidData(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`);
  }
}
