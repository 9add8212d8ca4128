import type { TokenRecord } from './methods/method.ts';

/** More short records than this factor of the micro-batch gain nothing, and each needs memory for its gradient. */
const MOST = 2;

/**
 * Cuts the records of one draw into physical micro-batches of records of like length: little padding, and the batch
 * that needs most memory comes first. A micro-batch holds as many tokens as `microBatch` of the longest records would.
 * Clipping goes by record and the sum over the draw, so no cut changes the update.
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
