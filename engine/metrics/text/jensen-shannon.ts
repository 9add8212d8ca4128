import { type Measure, notDefined } from '../measure.ts';
import { totalCount } from './ngram-counts.ts';

/**
 * Jensen-Shannon divergence in bits of two distributions given as counts (Lin 1991): 0 where they are equal, 1 where
 * they share nothing. Not defined where one of them counts nothing.
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
  // Rounding may leave it beside its bounds.
  return { value: Math.min(1, Math.max(0, sum / 2)) };
}
