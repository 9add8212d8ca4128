import { createHash } from 'node:crypto';
import { duplicateKey } from './normalise-text.ts';

/**
 * Returns the name of a text's privacy unit, 128 bits in hex. Duplicates have the same name. It is as private
 * as the text.
 */
export function unitDigest(text: string): string {
  return createHash('sha256').update(duplicateKey(text)).digest('hex').slice(0, 32);
}
