import type { Embeddings } from '../embeddings.ts';
import { mersenneTwister } from './mersenne-twister.ts';

/** The number that FAISS adds to the seed for each restart. */
const STRIDE = 15486557;

/**
 * Returns random points without repetition, [clusters, dims], as FAISS chooses them for a seed and a restart
 * (counted from 0).
 */
export function initialCentroids(params: {
  points: Embeddings;
  clusters: number;
  seed: number;
  restart: number;
}): Float32Array {
  const { points, clusters, seed, restart } = params;
  const { rows, dims, values } = points;
  const random = mersenneTwister(seed + 1 + restart * STRIDE);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const centroids = new Float32Array(clusters * dims);
  for (let i = 0; i < clusters; i++) {
    // The last point has no partner to swap with, so no number is drawn for it.
    const other = i + 1 < rows ? i + (random() % (rows - i)) : i;
    [order[i], order[other]] = [order[other], order[i]];
    centroids.set(values.subarray(order[i] * dims, (order[i] + 1) * dims), i * dims);
  }
  return centroids;
}
