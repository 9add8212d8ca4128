import { isUtf8 } from 'node:buffer';
import { invalidData } from '../../schemas/errors.ts';
import { firstInvalidByte } from './first-invalid-byte.ts';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** Number of bytes converted from UTF-16 at a time, because a large file may not fit into one string. */
const PIECE_BYTES = 2 ** 25;

/**
 * Returns the content of a text file as UTF-8. Removes byte order marks at the start of the file or of a
 * line, where joined files leave them. Converts UTF-16. The bytes are never one string, because Node limits
 * strings to 512 MiB. Throws InvalidData with the line of the first damaged character, without quoting the
 * text.
 */
export function utf8Bytes(params: { bytes: Uint8Array; name: string }): Buffer {
  const { bytes, name } = params;
  const wide = utf16Of(bytes);
  const text = wide === null ? viewOf(bytes) : fromUtf16({ bytes, encoding: wide, name });
  if (!isUtf8(text))
    throw invalidData(
      `${name} is not valid UTF-8: line ${lineOf(text, firstInvalidByte(text))}. Convert it from its encoding, ` +
        'for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW',
    );
  return withoutMarks(text);
}

/**
 * Detects UTF-16 by its byte order mark, or by the zero beside its first two characters, which are ASCII in
 * CSV and JSON.
 */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [a, b, c, d] = bytes;
  const isUtf32 = c === 0 && d === 0;
  if (a === 0xff && b === 0xfe && !isUtf32) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a > 0 && b === 0 && c > 0 && d === 0) return 'utf-16le';
  if (a === 0 && b > 0 && c === 0 && d > 0) return 'utf-16be';
  return null;
}

function fromUtf16(params: { bytes: Uint8Array; encoding: string; name: string }): Buffer {
  const { bytes, encoding, name } = params;
  const decoder = new TextDecoder(encoding, { fatal: true });
  const pieces: Buffer[] = [];
  try {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES)
      pieces.push(
        Buffer.from(decoder.decode(bytes.subarray(from, from + PIECE_BYTES), { stream: true }), 'utf8'),
      );
    pieces.push(Buffer.from(decoder.decode(), 'utf8'));
  } catch {
    throw invalidData(`${name} begins like UTF-16 but is not valid UTF-16. Save it as UTF-8.`);
  }
  return Buffer.concat(pieces);
}

function withoutMarks(text: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let kept = 0;
  for (let at = text.indexOf(BYTE_ORDER_MARK); at >= 0; at = text.indexOf(BYTE_ORDER_MARK, at + 1)) {
    if (at !== kept && at > 0 && text[at - 1] !== LINE_FEED && text[at - 1] !== RETURN) continue;
    pieces.push(text.subarray(kept, at));
    kept = at + BYTE_ORDER_MARK.length;
  }
  return kept === 0 ? text : Buffer.concat([...pieces, text.subarray(kept)]);
}

/**
 * Returns the line of an offset, counted from 1. A line ends with a line feed, a carriage return, or both.
 */
function lineOf(text: Buffer, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++)
    if (text[i] === LINE_FEED || (text[i] === RETURN && text[i + 1] !== LINE_FEED)) line++;
  return line;
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
