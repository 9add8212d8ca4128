import { type Measure, notDefined } from '../measure.ts';
import { assertSameItems } from './ranks.ts';

/**
 * What it costs to choose the item that scores best by `proxy` [items] when `truth` [items] counts: the best true score less that
 * of the choice; the mean over those that tie for it. 0 or more, in the unit of `truth`. Not defined without items.
 */
export function regret(params: { truth: readonly number[]; proxy: readonly number[] }): Measure {
  const { truth, proxy } = params;
  assertSameItems(truth, proxy);
  if (truth.length === 0) return notDefined('there is nothing to choose from');
  const best = Math.max(...proxy);
  const chosen = truth.filter((_, item) => proxy[item] === best);
  return { value: Math.max(...truth) - chosen.reduce((sum, score) => sum + score, 0) / chosen.length };
}
