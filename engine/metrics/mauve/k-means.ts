import { type Clusters, lloyd } from '../../tensor/ops.ts';
import { type Tensor2D, tf } from '../../tensor/tensorflow.ts';
import type { Embeddings } from '../embeddings.ts';
import { splitEmptyClusters } from './empty-clusters.ts';
import { initialCentroids } from './initial-centroids.ts';

/** Number of restarts in the reference implementation of MAUVE. */
const RESTARTS = 5;
const MAX_ITERATIONS = 500;
/**
 * Stops after this many iterations without gain, because with equal points the splitting of empty clusters
 * never ends.
 */
const PATIENCE = 10;

/**
 * Returns the cluster [rows] of each point. Runs Lloyd's k-means from random points until no point changes
 * its cluster, and takes the best of five starts by the sum of squared distances. Seeds, starts and empty
 * clusters follow FAISS, so a seed gives the clusters of the reference implementation of MAUVE, up to
 * rounding. Throws RangeError for more clusters than points.
 */
export function kMeans(params: { points: Embeddings; clusters: number; seed: number }): Int32Array {
  const { points, clusters, seed } = params;
  if (clusters > points.rows) throw new RangeError(`${points.rows} points cannot form ${clusters} clusters.`);
  const x = tf.tensor2d(points.values, [points.rows, points.dims]);
  try {
    let best: Found | undefined;
    for (let restart = 0; restart < RESTARTS; restart++) {
      const found = cluster(x, initialCentroids({ points, clusters, seed, restart }));
      if (!best || found.sum > best.sum) best = found;
    }
    return best!.labels;
  } finally {
    x.dispose();
  }
}

type Found = { labels: Int32Array; sum: number };

/** Iterates from `centroids` [clusters, dims]. Empty clusters are split off others until none is left. */
function cluster(x: Tensor2D, centroids: Float32Array): Found {
  const [points, dims] = x.shape;
  const clusters = centroids.length / dims;
  let labels: Int32Array = new Int32Array(points).fill(-1);
  let largest = Number.NEGATIVE_INFINITY;
  let withoutGain = 0;
  for (let iterations = 0; ; ) {
    const left = MAX_ITERATIONS - iterations;
    const found = run({ x, centroids, before: labels, iterations: left });
    labels = found.labels;
    const sum = total(found.scores);
    withoutGain = sum > largest ? 0 : withoutGain + 1;
    largest = Math.max(largest, sum);
    iterations += found.iterations;
    if (found.finished || iterations === MAX_ITERATIONS || withoutGain === PATIENCE) return { labels, sum };
    centroids = found.centroids;
    splitEmptyClusters({ sizes: sizesOf(labels, clusters), points, dims, centroids });
  }
}

type Run = Omit<Clusters, 'labels' | 'scores' | 'centroids'> & {
  labels: Int32Array;
  scores: Float32Array;
  centroids: Float32Array;
};

function run(params: { x: Tensor2D; centroids: Float32Array; before: Int32Array; iterations: number }): Run {
  const { x, centroids, before, iterations } = params;
  // Not `tf.tidy`, which would check every number of the result for tensors.
  tf.engine().startScope();
  try {
    const dims = x.shape[1];
    const found = lloyd({
      x,
      centroids: tf.tensor2d(centroids, [centroids.length / dims, dims]),
      before: tf.tensor1d(before, 'int32'),
      iterations,
    });
    return {
      ...found,
      labels: found.labels.dataSync() as Int32Array,
      scores: found.scores.dataSync() as Float32Array,
      centroids: found.centroids.dataSync() as Float32Array,
    };
  } finally {
    tf.engine().endScope();
  }
}

function sizesOf(labels: Int32Array, clusters: number): Int32Array {
  const sizes = new Int32Array(clusters);
  for (const label of labels) sizes[label] += 1;
  return sizes;
}

/** Returns the sum of the scores. The sum of squared distances is the sum of |x|^2 minus twice this sum. */
function total(scores: Float32Array): number {
  let sum = 0;
  for (const score of scores) sum += score;
  return sum;
}
