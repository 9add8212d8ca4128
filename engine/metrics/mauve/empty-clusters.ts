import { mersenneTwister } from './mersenne-twister.ts';

/** How far the halves of a split cluster are moved apart, relative to their coordinates. */
const APART = 1 / 1024;
/** FAISS draws the same numbers in every iteration. */
const SEED = 1234;

/**
 * Gives each centroid [clusters, dims] without points half of another cluster, as FAISS does. That cluster is
 * drawn in proportion to its size minus one, and both halves get its centroid, slightly moved apart. Changes
 * `centroids` and returns the moved clusters; `sizes` [clusters] is unchanged.
 */
export function splitEmptyClusters(params: {
  sizes: Int32Array;
  points: number;
  dims: number;
  centroids: Float32Array;
}): number[] {
  const { points, dims, centroids } = params;
  const sizes = params.sizes.slice();
  const clusters = sizes.length;
  const random = mersenneTwister(SEED);
  const moved: number[] = [];
  for (let empty = 0; empty < clusters; empty++) {
    if (sizes[empty] > 0) continue;
    let large = 0;
    // Ends, because some cluster has two points if another is empty.
    while (random() / 2 ** 32 >= (sizes[large] - 1) / (points - clusters)) large = (large + 1) % clusters;
    for (let i = 0; i < dims; i++) {
      const sign = i % 2 === 0 ? 1 : -1;
      const value = centroids[large * dims + i];
      centroids[empty * dims + i] = value * (1 + sign * APART);
      centroids[large * dims + i] = value * (1 - sign * APART);
    }
    sizes[empty] = sizes[large] >> 1;
    sizes[large] -= sizes[empty];
    moved.push(empty, large);
  }
  return moved;
}
