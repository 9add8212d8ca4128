import { expect, it } from 'vitest';
import { toEmbeddings } from './embeddings.ts';

it('accepts rows of finite numbers', () => {
  const values = Float32Array.from([1, 2, 3, 4, 5, 6]);
  expect(toEmbeddings({ shape: [3, 2], values }, 'p.npy')).toEqual({ rows: 3, dims: 2, values });
});

it.each([
  [{ shape: [4], values: new Float32Array(4) }, /p\.npy has the shape \[4\]/],
  [{ shape: [0, 4], values: new Float32Array(0) }, /p\.npy contains no embeddings/],
  [{ shape: [2, 2], values: Float32Array.from([1, 2, 3, Number.NaN]) }, /p\.npy, row 2/],
])('refuses an invalid array: %o', (array, message) => {
  expect(() => toEmbeddings(array, 'p.npy')).toThrow(message);
});
