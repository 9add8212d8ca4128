import { isUtf8 } from 'node:buffer';
import { invalidData } from '../../schemas/errors.ts';

const NEWLINE = 0x0a;

/**
 * Decodes a whole file, without its byte order mark.
 * Throws InvalidData with the line and the byte offset of the first damaged character.
 */
export function decodeUtf8(params: { bytes: Uint8Array; name: string }): string {
  const { bytes, name } = params;
  if (!isUtf8(bytes)) {
    const offset = firstInvalidByte(bytes);
    let line = 1;
    for (let i = 0; i < offset; i++) if (bytes[i] === NEWLINE) line++;
    throw invalidData(
      `${name} is not valid UTF-8: line ${line}, byte offset ${offset}. Convert the file to UTF-8 (iconv -t UTF-8).`,
    );
  }
  return new TextDecoder().decode(bytes);
}

/** A prefix of valid UTF-8 may end inside a character: the damage starts where no shorter cut is valid either. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    if (validUpTo(bytes, middle)) valid = middle;
    else invalid = middle;
  }
  return validLength(bytes, valid);
}

function validUpTo(bytes: Uint8Array, length: number): boolean {
  return validLength(bytes, length) >= 0;
}

/** The longest valid prefix that misses at most three bytes of `length`, or -1. */
function validLength(bytes: Uint8Array, length: number): number {
  for (let cut = length; cut >= Math.max(0, length - 3); cut--) {
    if (isUtf8(bytes.subarray(0, cut))) return cut;
  }
  return -1;
}
