import { expect, it } from 'vitest';
import { seededRandom } from '../../data/seeded-random.ts';
import type { Embeddings } from '../embeddings.ts';
import { splitEmptyClusters } from './empty-clusters.ts';
import { kMeans } from './k-means.ts';
import { mersenneTwister } from './mersenne-twister.ts';

it('MT19937: the 10,000th number of the default seed is the one required by the C++ standard', () => {
  const next = mersenneTwister(5489);
  for (let i = 1; i < 10_000; i++) next();
  expect(next()).toBe(4123659995);
});

function means({ rows, dims, values }: Embeddings, labels: Int32Array, clusters: number): number[][] {
  return Array.from({ length: clusters }, (_, cluster) => {
    const own = Array.from({ length: rows }, (_, row) => row).filter((row) => labels[row] === cluster);
    return Array.from(
      { length: dims },
      (_, dim) => own.reduce((sum, row) => sum + values[row * dims + dim], 0) / own.length,
    );
  });
}

it('ends with every point in the cluster of the nearest mean', () => {
  const random = seededRandom(3);
  const points = { rows: 600, dims: 5, values: Float32Array.from({ length: 3000 }, () => random()) };
  const clusters = 40;
  const labels = kMeans({ points, clusters, seed: 1 });
  const centres = means(points, labels, clusters);
  for (let row = 0; row < points.rows; row++) {
    const distances = centres.map((centre) =>
      Math.hypot(...centre.map((value, dim) => value - points.values[row * points.dims + dim])),
    );
    expect(distances[labels[row]]).toBeLessThan(Math.min(...distances) + 1e-5);
  }
});

it('finds well-separated clusters', () => {
  const random = seededRandom(4);
  const values = Float32Array.from({ length: 400 }, (_, i) => 100 * ((i >> 1) % 4) + random());
  const labels = kMeans({ points: { rows: 200, dims: 2, values }, clusters: 4, seed: 1 });
  expect(new Set(labels).size).toBe(4);
  for (let row = 4; row < 200; row++) expect(labels[row]).toBe(labels[row % 4]);
});

it('ends even with fewer distinct points than clusters', () => {
  const values = Float32Array.from({ length: 60 }, (_, i) => (i % 3) + 1);
  const labels = kMeans({ points: { rows: 60, dims: 1, values }, clusters: 10, seed: 1 });
  for (let row = 3; row < 60; row++) expect(labels[row]).toBe(labels[row % 3]);
  expect(() => kMeans({ points: { rows: 3, dims: 1, values }, clusters: 4, seed: 1 })).toThrow(/4 clusters/);
});

it('an empty cluster takes half of a large one, with the halves slightly apart', () => {
  const centroids = Float32Array.from([1, 1, 2, 2, 4, 4]);
  const moved = splitEmptyClusters({ sizes: Int32Array.from([1, 0, 9]), points: 10, dims: 2, centroids });
  expect(moved).toEqual([1, 2]);
  const apart = 4 / 1024;
  expect([...centroids]).toEqual([1, 1, 4 + apart, 4 - apart, 4 - apart, 4 + apart]);
});
