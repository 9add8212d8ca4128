import { labelMeans, nearestCentroids, type SearchableRows, searchable } from '../../tensor/ops.ts';
import { type Tensor2D, tf } from '../../tensor/tensorflow.ts';
import type { Embeddings } from '../embeddings.ts';
import { splitEmptyClusters } from './empty-clusters.ts';
import { initialCentroids } from './initial-centroids.ts';

/** Those of the reference implementation of MAUVE. */
const RESTARTS = 5;
const MAX_ITERATIONS = 500;
/** Iterations without gain after which it ends: where points are equal, the splitting of empty clusters has no end. */
const PATIENCE = 10;

/** Of each point, the nearest centroid and x . c - |c|^2 / 2: the larger, the nearer. */
type Nearest = { labels: Int32Array; scores: Float32Array };

/**
 * The cluster [rows] of each point: Lloyd's k-means from random points, until no point changes its cluster, the best of
 * five starts by the sum of squared distances. Seeds, starts and empty clusters are those of FAISS, so that a seed gives
 * the clusters that the reference implementation of MAUVE finds, up to rounding. Throws RangeError for more clusters
 * than points.
 */
export function kMeans(params: { points: Embeddings; clusters: number; seed: number }): Int32Array {
  const { points, clusters, seed } = params;
  if (clusters > points.rows) throw new RangeError(`${points.rows} points cannot make ${clusters} clusters.`);
  return scoped(() => {
    const x = tf.tensor2d(points.values, [points.rows, points.dims]);
    const rows = searchable(x);
    let best: Nearest | undefined;
    let bestSum = Number.NEGATIVE_INFINITY;
    for (let restart = 0; restart < RESTARTS; restart++) {
      const start = initialCentroids({ points, clusters, seed, restart });
      const found = lloyd({ x, rows, centroids: start });
      const sum = total(found.scores);
      if (sum <= bestSum) continue;
      bestSum = sum;
      best = found;
    }
    return best!.labels;
  });
}

/** Moves `centroids` [clusters, dims]. From one iteration to the next, only what the centroids that moved can change is computed. */
function lloyd({
  x,
  rows,
  centroids,
}: {
  x: Tensor2D;
  rows: SearchableRows;
  centroids: Float32Array;
}): Nearest {
  const [points, dims] = x.shape;
  const sizes = new Int32Array(centroids.length / dims);
  const everywhere = new Int32Array(sizes.length).fill(1);
  const unknown = { labels: new Int32Array(points), scores: new Float32Array(points) };
  let nearest = assign({ rows, centroids, before: unknown, moved: everywhere });
  for (const label of nearest.labels) sizes[label] += 1;
  let stale: Int32Array = everywhere;
  let largest = total(nearest.scores);
  let withoutGain = 0;
  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
    const moved = moveToMeans({ x, labels: nearest.labels, sizes, stale, centroids });
    const split = splitEmptyClusters({ sizes, points, dims, centroids });
    for (const cluster of split) moved[cluster] = 1;
    const before = nearest;
    nearest = assign({ rows, centroids, before, moved });
    stale = noteChanges({ before: before.labels, after: nearest.labels, sizes });
    if (!stale.includes(1)) break;
    for (const cluster of split) stale[cluster] = 1;
    const sum = total(nearest.scores);
    withoutGain = sum > largest ? 0 : withoutGain + 1;
    if (withoutGain === PATIENCE) break;
    largest = Math.max(largest, sum);
  }
  return nearest;
}

/** `before`, brought up to date with the centroids that moved. */
function assign(params: {
  rows: SearchableRows;
  centroids: Float32Array;
  before: Nearest;
  moved: Int32Array;
}): Nearest {
  const { rows, centroids, before, moved } = params;
  return scoped(() => {
    const { labels, scores } = nearestCentroids({
      rows,
      centroids: tf.tensor2d(centroids.slice(), [moved.length, centroids.length / moved.length]),
      before: { labels: tf.tensor1d(before.labels, 'int32'), scores: tf.tensor1d(before.scores) },
      moved: tf.tensor1d(moved.slice(), 'int32'),
    });
    return { labels: labels.dataSync() as Int32Array, scores: scores.dataSync() as Float32Array };
  });
}

/** Brings the sizes up to date, and marks the clusters that won or lost a point. */
function noteChanges(params: { before: Int32Array; after: Int32Array; sizes: Int32Array }): Int32Array {
  const { before, after, sizes } = params;
  const changed = new Int32Array(sizes.length);
  sizes.fill(0);
  after.forEach((label, row) => {
    sizes[label] += 1;
    if (label === before[row]) return;
    changed[label] = 1;
    changed[before[row]] = 1;
  });
  return changed;
}

/** Puts the centroids that are stale at the means of their points, if they have any, and marks those. */
function moveToMeans(params: {
  x: Tensor2D;
  labels: Int32Array;
  sizes: Int32Array;
  stale: Int32Array;
  centroids: Float32Array;
}): Int32Array {
  const { x, labels, sizes, stale, centroids } = params;
  const moved = stale.map((mark, cluster) => (sizes[cluster] > 0 ? mark : 0));
  const places = labels.map((label) => (moved[label] ? label : -1));
  const means = scoped(
    () => labelMeans(x, tf.tensor1d(places, 'int32'), moved.length).dataSync() as Float32Array,
  );
  const dims = x.shape[1];
  moved.forEach((mark, cluster) => {
    const at = cluster * dims;
    if (mark) centroids.set(means.subarray(at, at + dims), at);
  });
  return moved;
}

/** The sum of squared distances is that of |x|^2 less twice this sum. */
function total(scores: Float32Array): number {
  let sum = 0;
  for (const score of scores) sum += score;
  return sum;
}

/** Frees the tensors made inside. `tf.tidy` would look for tensors among the numbers of the result, one by one. */
function scoped<Result>(run: () => Result): Result {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}
