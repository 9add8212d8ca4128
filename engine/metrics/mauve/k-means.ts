import { matMul } from '../../tensor/ops.ts';
import { type Tensor, type Tensor2D, tf } from '../../tensor/tensorflow.ts';
import type { Embeddings } from '../embeddings.ts';
import { splitEmptyClusters } from './empty-clusters.ts';
import { initialCentroids } from './initial-centroids.ts';

/** Those of the reference implementation of MAUVE. */
const RESTARTS = 5;
const MAX_ITERATIONS = 500;
/** Iterations without gain after which it ends: where points are equal, the splitting of empty clusters has no end. */
const PATIENCE = 10;
/** Of the centroids: where more have moved, all distances are computed anew. */
const PARTIAL = 0.75;

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
  const x = withOnes(points);
  try {
    let best: Nearest | undefined;
    let bestSum = Number.NEGATIVE_INFINITY;
    for (let restart = 0; restart < RESTARTS; restart++) {
      const start = initialCentroids({ points, clusters, seed, restart });
      const found = lloyd(x, points, start);
      const sum = total(found.scores);
      if (sum <= bestSum) continue;
      bestSum = sum;
      best = found;
    }
    return best!.labels;
  } finally {
    x.dispose();
  }
}

/** Moves `centroids` [clusters, dims]. From one iteration to the next, only what the centroids that moved can change is computed. */
function lloyd(x: Tensor2D, points: Embeddings, centroids: Float32Array): Nearest {
  const clusters = centroids.length / points.dims;
  const sizes = new Int32Array(clusters);
  const moved = new Uint8Array(clusters).fill(1);
  let nearest = scoped(() => nearestOf(x, biased(centroids, points.dims)));
  for (const label of nearest.labels) sizes[label] += 1;
  let largest = total(nearest.scores);
  let withoutGain = 0;
  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
    moveToMeans({ points, labels: nearest.labels, sizes, moved, centroids });
    for (const cluster of splitEmptyClusters({ sizes, points: points.rows, dims: points.dims, centroids }))
      moved[cluster] = 1;
    const before = nearest;
    nearest = scoped(() => reassign({ x, centroids: biased(centroids, points.dims), before, moved }));
    if (!noteChanges({ before: before.labels, after: nearest.labels, sizes, moved })) break;
    const sum = total(nearest.scores);
    withoutGain = sum > largest ? 0 : withoutGain + 1;
    if (withoutGain === PATIENCE) break;
    largest = Math.max(largest, sum);
  }
  return nearest;
}

/** The nearest of `centroids` for every row of x; both have the column that completes the score. */
function nearestOf(x: Tensor, centroids: Tensor): Nearest {
  const scores = matMul(x, centroids, { transposeB: true });
  return {
    labels: tf.argMax(scores, 1).dataSync() as Int32Array,
    scores: tf.max(scores, 1).dataSync() as Float32Array,
  };
}

/** `before`, brought up to date with the centroids that moved. */
function reassign(params: { x: Tensor2D; centroids: Tensor2D; before: Nearest; moved: Uint8Array }): Nearest {
  const { x, centroids, before, moved } = params;
  const movedPlaces = placesOf(moved);
  if (movedPlaces.length > PARTIAL * moved.length) return nearestOf(x, centroids);
  const labels = before.labels.slice();
  const scores = before.scores.slice();
  const products = matMul(x, tf.gather(centroids, tf.tensor1d(movedPlaces, 'int32')), { transposeB: true });
  const best = tf.max(products, 1).dataSync();
  const better: number[] = [];
  const open: number[] = [];
  for (let row = 0; row < best.length; row++) {
    // Every centroid that stayed scores at most what the point had.
    if (best[row] > scores[row]) better.push(row);
    else if (moved[labels[row]]) open.push(row);
  }
  if (better.length > 0) {
    const places = tf.argMax(tf.gather(products, tf.tensor1d(better, 'int32')), 1).dataSync();
    better.forEach((row, i) => {
      labels[row] = movedPlaces[places[i]];
      scores[row] = best[row];
    });
  }
  if (open.length === 0) return { labels, scores };
  const found = nearestOf(tf.gather(x, tf.tensor1d(open, 'int32')), centroids);
  open.forEach((row, i) => {
    labels[row] = found.labels[i];
    scores[row] = found.scores[i];
  });
  return { labels, scores };
}

/** Brings the sizes up to date and marks in `moved` the clusters that won or lost a point. False where none did. */
function noteChanges(params: {
  before: Int32Array;
  after: Int32Array;
  sizes: Int32Array;
  moved: Uint8Array;
}): boolean {
  const { before, after, sizes, moved } = params;
  let changes = 0;
  sizes.fill(0);
  after.forEach((label, row) => {
    sizes[label] += 1;
    if (label === before[row]) return;
    changes += 1;
    moved[label] = 1;
    moved[before[row]] = 1;
  });
  return changes > 0;
}

/** Puts the centroids marked in `moved` at the means of their points, and leaves marked those whose place has changed. */
function moveToMeans(params: {
  points: Embeddings;
  labels: Int32Array;
  sizes: Int32Array;
  moved: Uint8Array;
  centroids: Float32Array;
}): void {
  const { points, labels, sizes, moved, centroids } = params;
  const { dims, values } = points;
  const sums = new Float32Array(centroids.length);
  labels.forEach((label, row) => {
    if (!moved[label]) return;
    const to = label * dims;
    const from = row * dims;
    for (let i = 0; i < dims; i++) sums[to + i] += values[from + i];
  });
  moved.forEach((mark, cluster) => {
    if (!mark) return;
    const share = Math.fround(1 / sizes[cluster]);
    let changed = 0;
    for (let i = cluster * dims; sizes[cluster] > 0 && i < (cluster + 1) * dims; i++) {
      const mean = Math.fround(sums[i] * share);
      if (mean !== centroids[i]) changed = 1;
      centroids[i] = mean;
    }
    moved[cluster] = changed;
  });
}

/** The sum of squared distances is that of |x|^2 less twice this sum. */
function total(scores: Float32Array): number {
  let sum = 0;
  for (const score of scores) sum += score;
  return sum;
}

/** [rows, dims + 1]: the last column is 1. */
function withOnes({ rows, dims, values }: Embeddings): Tensor2D {
  return tf.tidy(() => tf.concat([tf.tensor2d(values, [rows, dims]), tf.ones([rows, 1])], 1) as Tensor2D);
}

/** [clusters, dims + 1]: the last column is -|c|^2 / 2, which makes a product with a point that ends in 1 a distance. */
function biased(centroids: Float32Array, dims: number): Tensor2D {
  const c = tf.tensor2d(centroids.slice(), [centroids.length / dims, dims]);
  return tf.concat([c, tf.mul(tf.sum(tf.square(c), 1, true), -0.5)], 1) as Tensor2D;
}

/** Frees the tensors made inside. `tf.tidy` would look for tensors among the numbers of the result, one by one. */
function scoped(run: () => Nearest): Nearest {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}

function placesOf(marks: ArrayLike<number>): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < marks.length; i++) if (marks[i]) places.push(i);
  return Int32Array.from(places);
}
