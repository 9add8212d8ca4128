import { type Measure, notDefined } from '../measure.ts';
import { assertSameItems } from './ranks.ts';

/**
 * Returns the cost of choosing the best item by `proxy` [items] instead of by `truth` [items]: the best true
 * score minus the true score of the choice. If several items tie for the choice, it is their mean. The cost
 * is at least 0 and in the unit of `truth`. Not defined without items.
 */
export function regret(params: { truth: readonly number[]; proxy: readonly number[] }): Measure {
  const { truth, proxy } = params;
  assertSameItems(truth, proxy);
  if (truth.length === 0) return notDefined('there is nothing to choose from');
  const best = Math.max(...proxy);
  const chosen = truth.filter((_, item) => proxy[item] === best);
  return { value: Math.max(...truth) - chosen.reduce((sum, score) => sum + score, 0) / chosen.length };
}
