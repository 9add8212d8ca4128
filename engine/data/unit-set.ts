import { createHash } from 'node:crypto';
import { unitDigest } from './unit-digest.ts';

/**
 * Digest of the set of privacy units of a corpus, as hex: SHA-256 over the sorted digests of its texts. Labels, order, duplicates,
 * empty texts, and how the file is written do not change it. As private as the texts.
 */
export function unitSetDigest(texts: Iterable<string>): string {
  const units = new Set<string>();
  for (const text of texts) if (text.trim() !== '') units.add(unitDigest(text));
  const hash = createHash('sha256');
  for (const unit of [...units].sort()) hash.update(unit);
  return hash.digest('hex');
}
