import { createHash } from 'node:crypto';
import { duplicateKey } from './normalise-text.ts';

/** Names the privacy unit of a text: texts that count as duplicates have the same. As private as the text. 128 bits, in hex. */
export function unitDigest(text: string): string {
  return createHash('sha256').update(duplicateKey(text)).digest('hex').slice(0, 32);
}
