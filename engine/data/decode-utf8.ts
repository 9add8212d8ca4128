import { utf8Bytes } from './utf8-bytes.ts';

/**
 * A small text file as one string, without byte order marks. Throws InvalidData with the line of the first damaged character.
 * A corpus may be longer than a string: its readers take the bytes.
 */
export function decodeUtf8(params: { bytes: Uint8Array; name: string }): string {
  return utf8Bytes(params).toString('utf8');
}
