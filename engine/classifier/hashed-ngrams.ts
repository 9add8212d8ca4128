import { normaliseText } from '../data/normalise-text.ts';

const WORD = /[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;

/**
 * Returns the hash buckets of the words and pairs of neighbouring words of a text. Punctuation marks and
 * emoji are words; case is ignored. A hash is public, while a vocabulary chosen from private texts would cost
 * budget.
 */
export function hashedNgrams(params: { text: string; maxWords: number; buckets: number }): number[] {
  const { text, maxWords, buckets } = params;
  const words = (normaliseText(text).toLowerCase().match(WORD) ?? []).slice(0, maxWords);
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return [...words, ...pairs].map((ngram) => fnv1a(ngram) % buckets);
}

/**
 * Returns FNV-1a (Fowler, Noll, Vo) over the UTF-16 units, with a final mix because its low bits alone are
 * poor.
 */
function fnv1a(ngram: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ngram.length; i++) hash = Math.imul(hash ^ ngram.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
