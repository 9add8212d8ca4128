import { type Measure, notDefined } from '../measure.ts';
import { ngramCounts, totalCount } from './ngram-counts.ts';

/**
 * Returns distinct-n of texts given as words: the distinct n-grams as a share of all (Li et al., arXiv
 * 1510.03055). It falls as a corpus grows, so compare corpora of similar size. Not defined if no text has n
 * words.
 */
export function distinctN(texts: Iterable<readonly string[]>, n: number): Measure {
  const counts = ngramCounts(texts, n);
  if (counts.size === 0) return notDefined(`no text has ${n === 1 ? 'a word' : `${n} words`}`);
  return { value: counts.size / totalCount(counts) };
}
