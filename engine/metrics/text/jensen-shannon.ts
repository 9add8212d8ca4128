import { type Measure, notDefined } from '../measure.ts';
import { totalCount } from './ngram-counts.ts';

/**
 * Returns the Jensen-Shannon divergence in bits of two distributions given as counts (Lin 1991). It is 0 if
 * they are equal and 1 if they share nothing. Not defined if one of them is empty.
 */
export function jensenShannon(p: ReadonlyMap<string, number>, q: ReadonlyMap<string, number>): Measure {
  const [totalP, totalQ] = [totalCount(p), totalCount(q)];
  if (totalP === 0 || totalQ === 0) return notDefined('one of the corpora has nothing to count');
  let sum = 0;
  for (const [key, count] of p) {
    const own = count / totalP;
    const other = (q.get(key) ?? 0) / totalQ;
    sum += own * Math.log2((2 * own) / (own + other));
    if (other > 0) sum += other * Math.log2((2 * other) / (own + other));
  }
  for (const [key, count] of q) if (!p.has(key)) sum += count / totalQ;
  // Rounding may push it outside its bounds.
  return { value: Math.min(1, Math.max(0, sum / 2)) };
}
