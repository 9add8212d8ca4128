import { type Measure, notDefined } from '../measure.ts';
import { assertSameItems, averageRanks } from './ranks.ts';

/**
 * Returns Spearman's rank correlation of two scorings [items], from -1 to 1: Pearson's correlation of the
 * ranks. Ties share the mean of their ranks. Not defined for fewer than two items, or if all scores of one
 * side are equal.
 */
export function spearman(a: readonly number[], b: readonly number[]): Measure {
  assertSameItems(a, b);
  if (a.length < 2) return notDefined('a rank correlation needs two items');
  const [ranksA, ranksB] = [averageRanks(a), averageRanks(b)];
  const centre = (a.length + 1) / 2;
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    products += (ranksA[i] - centre) * (ranksB[i] - centre);
    squaresA += (ranksA[i] - centre) ** 2;
    squaresB += (ranksB[i] - centre) ** 2;
  }
  if (squaresA === 0 || squaresB === 0) return notDefined('all scores of one ranking are equal');
  return { value: products / Math.sqrt(squaresA * squaresB) };
}
