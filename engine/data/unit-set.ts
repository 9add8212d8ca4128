import { createHash } from 'node:crypto';
import { unitDigest } from './unit-digest.ts';

/**
 * Returns the digest of the set of privacy units of a corpus, in hex: SHA-256 over the sorted digests of its
 * texts. It does not depend on labels, order, duplicates, empty texts or the file format. It is as private as
 * the texts.
 */
export function unitSetDigest(texts: Iterable<string>): string {
  const units = new Set<string>();
  for (const text of texts) if (text.trim() !== '') units.add(unitDigest(text));
  const hash = createHash('sha256');
  for (const unit of [...units].sort()) hash.update(unit);
  return hash.digest('hex');
}
