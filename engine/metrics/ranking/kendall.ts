import { type Measure, notDefined } from '../measure.ts';
import { assertSameItems } from './ranks.ts';

/**
 * Returns Kendall's tau-b of two scorings [items], from -1 to 1: pairs in the same order minus pairs in
 * opposite order, divided by their number without ties (Kendall 1945). Not defined for fewer than two items,
 * or if all scores of one side are equal.
 */
export function kendall(a: readonly number[], b: readonly number[]): Measure {
  assertSameItems(a, b);
  if (a.length < 2) return notDefined('a rank correlation needs two items');
  let [agreement, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [signA, signB] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      agreement += signA * signB;
      untiedA += Math.abs(signA);
      untiedB += Math.abs(signB);
    }
  if (untiedA === 0 || untiedB === 0) return notDefined('all scores of one ranking are equal');
  return { value: agreement / Math.sqrt(untiedA * untiedB) };
}
