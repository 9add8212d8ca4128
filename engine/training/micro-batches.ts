import type { TokenRecord } from './methods/method.ts';

/**
 * More short records than this multiple of the micro-batch gain nothing, and each needs memory for its
 * gradient.
 */
const MOST = 2;

/**
 * Cuts the records of one draw into physical micro-batches of records of similar length. This keeps padding
 * low, and puts the batch that needs the most memory first. A micro-batch has as many tokens as `microBatch`
 * of the longest records. Clipping is per record and the sum is over the draw, so the cut does not change the
 * update.
 */
export function cutMicroBatches<R extends TokenRecord>(
  drawn: readonly R[],
  params: { microBatch: number; longest: number },
): R[][] {
  const { microBatch, longest } = params;
  const sorted = [...drawn].sort((a, b) => b.ids.length - a.ids.length);
  const batches: R[][] = [];
  let from = 0;
  while (from < sorted.length) {
    const fitting = Math.floor((microBatch * longest) / sorted[from].ids.length);
    const size = Math.min(Math.max(microBatch, fitting), MOST * microBatch);
    batches.push(sorted.slice(from, from + size));
    from += size;
  }
  return batches;
}
