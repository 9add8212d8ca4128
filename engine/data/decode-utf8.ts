import { utf8Bytes } from './utf8-bytes.ts';

/**
 * Returns a small text file as one string, without byte order marks. Throws InvalidData with the line of the
 * first damaged character. Readers of a corpus take bytes instead, because a corpus may be longer than a
 * string.
 */
export function decodeUtf8(params: { bytes: Uint8Array; name: string }): string {
  return utf8Bytes(params).toString('utf8');
}
