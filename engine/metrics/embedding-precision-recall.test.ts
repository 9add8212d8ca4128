import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readNpy } from '../data/npy.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { embeddingPrecisionRecall } from './embedding-precision-recall.ts';
import { toEmbeddings } from './embeddings.ts';

const REFERENCE = new URL('../../test/reference/', import.meta.url);
const { precisionRecall } = JSON.parse(readFileSync(new URL('metrics.json', REFERENCE), 'utf8')) as {
  precisionRecall: { name: string; neighbours: number; precision: number; recall: number }[];
};

function features(name: string) {
  const read = (side: string) =>
    toEmbeddings(readNpy(readFileSync(new URL(`mauve-${name}-${side}.npy`, REFERENCE))), side);
  return { real: read('p'), synthetic: read('q') };
}

function cloud(rows: number, centre: number, seed: number) {
  const random = seededRandom(seed);
  return { rows, dims: 2, values: Float32Array.from({ length: 2 * rows }, () => centre + random()) };
}

it('equals a computation over all pairs in float64', () => {
  for (const { name, neighbours, ...expected } of precisionRecall) {
    const { precision, recall } = embeddingPrecisionRecall({ ...features(name), neighbours });
    expect(precision.value).toBeCloseTo(expected.precision, 6);
    expect(recall.value).toBeCloseTo(expected.recall, 6);
  }
});

it('synthetic text with one of two kinds of real text has full precision and half the recall', () => {
  const [near, far] = [cloud(600, 0, 1), cloud(600, 5, 2)];
  const values = new Float32Array([...near.values, ...far.values]);
  const real = { rows: 1200, dims: 2, values };
  const { precision, recall } = embeddingPrecisionRecall({ real, synthetic: cloud(1100, 0, 3) });
  expect(precision.value).toBeGreaterThan(0.9);
  expect(recall.value).toBeGreaterThan(0.45);
  expect(recall.value).toBeLessThanOrEqual(0.5);
  const exchanged = embeddingPrecisionRecall({ real: cloud(1100, 0, 3), synthetic: real });
  expect([exchanged.precision.value, exchanged.recall.value]).toEqual([recall.value, precision.value]);
});

it('both are 1 for equal corpora, even constant ones far from zero', () => {
  const constant = { rows: 20, dims: 3, values: new Float32Array(60).fill(123.456) };
  expect(embeddingPrecisionRecall({ real: constant, synthetic: constant })).toEqual({
    precision: { value: 1 },
    recall: { value: 1 },
  });
});

it('is not defined if there are no more texts than neighbours', () => {
  const { precision, recall } = embeddingPrecisionRecall({
    real: cloud(9, 0, 1),
    synthetic: cloud(3, 0, 2),
  });
  expect(precision).toEqual({ value: null, because: 'each corpus needs more than 3 texts' });
  expect(recall.value).toBeNull();
});
