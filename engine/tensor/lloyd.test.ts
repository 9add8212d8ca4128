import { beforeAll, expect, test } from 'vitest';
import { composedOps } from './composed-ops.ts';
import { loadNativeKernels } from './native-kernels.ts';
import { nativeOps } from './native-ops.ts';
import { type Tensor, tf } from './tensorflow.ts';

// Compares the kernel with the definition of k-means; native-ops.test.ts compares it with TensorFlow's
// operations.

beforeAll(() => {
  expect(loadNativeKernels()).toBe(true);
});

const normal = (shape: [number, number], spread: number, seed: number) =>
  tf.randomNormal(shape, 0, spread, 'float32', seed);

const values = (tensor: Tensor) => [...tensor.dataSync()];

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

test.each([0.01, 1, 300])(
  'k-means ends with each row labelled by the nearest centroid in float64, and each centroid a mean (lengths of %s)',
  (spread) => {
    const [dims, clusters] = [48, 90];
    // Most centroids are close together, so that the codes leave many candidates; some are far away, and one
    // is unused.
    const near = tf.add(normal([1, dims], spread, 1), normal([900, dims], 0.05 * spread, 2));
    const x = tf.concat([near, tf.zeros([1, dims]), normal([3, dims], 100 * spread, 3)]);
    const before = tf.fill([904], -1, 'int32');
    const start = tf.slice(near, [0, 0], [clusters, dims]);
    const found = nativeOps.lloyd({ x, centroids: start, before, iterations: 500 });
    expect(found.finished).toBe(true);
    expect(found.iterations).toBeGreaterThan(3);
    const [points, centroids] = [x, found.centroids].map((tensor) => tensor.arraySync() as number[][]);
    const labels = values(found.labels);
    points.forEach((point, row) => {
      const scores = centroids.map((c) => dot(point, c) - dot(c, c) / 2);
      const largest = Math.max(...scores);
      const rounding = 1e-6 * Math.max(...scores.map(Math.abs));
      expect(scores[labels[row]]).toBeGreaterThanOrEqual(largest - rounding);
      expect(Math.abs(values(found.scores)[row] - largest)).toBeLessThanOrEqual(rounding);
    });
    centroids.forEach((centroid, cluster) => {
      const own = points.filter((_, row) => labels[row] === cluster);
      const mean = centroid.map((_, i) => own.reduce((sum, point) => sum + point[i], 0) / own.length);
      const scale = Math.max(...mean.map(Math.abs));
      expect(own.length).toBeGreaterThan(0);
      mean.forEach((value, i) => {
        expect(Math.abs(centroid[i] - value)).toBeLessThanOrEqual(1e-5 * scale);
      });
    });
  },
);

test('k-means: the first of equal centroids is the nearest, and the empty one stays', () => {
  const x = tf.tensor2d([1, 3, 8, 10], [4, 1]);
  const centroids = tf.tensor2d([9, 2, 9, 2, 50], [5, 1]);
  const before = tf.fill([4], -1, 'int32');
  const found = nativeOps.lloyd({ x, centroids, before, iterations: 500 });
  expect(values(found.labels)).toEqual([1, 1, 0, 0]);
  expect(values(found.centroids)).toEqual([9, 2, 9, 2, 50]);
  expect(found).toMatchObject({ iterations: 1, finished: false });
  const again = nativeOps.lloyd({ x, centroids, before: found.labels, iterations: 500 });
  expect(again).toMatchObject({ iterations: 1, finished: true });
});

test('many small k-means pass through the same labels as the composed operations', () => {
  let longest = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const [rows, dims, clusters] = [60 + seed, 2 + (seed % 3), 5 + (seed % 20)];
    // The first points are close together, so that labels change for many iterations.
    const x = tf.concat([normal([clusters, dims], 0.2, 1000 + seed), normal([rows, dims], 1, seed)]);
    const centroids = tf.slice(x, [0, 0], [clusters, dims]);
    const before = tf.fill([clusters + rows], -1, 'int32');
    for (const iterations of [4, 7, 12, 500]) {
      const [found, wanted] = [nativeOps, composedOps].map((ops) =>
        ops.lloyd({ x, centroids, before, iterations }),
      );
      expect({ seed, iterations: found.iterations, labels: values(found.labels) }).toEqual({
        seed,
        iterations: wanted.iterations,
        labels: values(wanted.labels),
      });
      longest = Math.max(longest, found.iterations);
    }
  }
  expect(longest).toBeGreaterThan(12);
});
