import { expect, it } from 'vitest';
import { choleskySolver } from './cholesky.ts';

it('solves for several right sides', () => {
  const matrix = Float64Array.of(4, 2, -1, 2, 5, 0.5, -1, 0.5, 3);
  const solve = choleskySolver(matrix, 3);
  for (const wanted of [
    [1, 2, 3],
    [-0.5, 0, 7],
  ]) {
    const side = Float64Array.from([0, 1, 2], (i) =>
      wanted.reduce((sum, x, j) => sum + matrix[i * 3 + j] * x, 0),
    );
    solve(side).forEach((value, j) => {
      expect(value).toBeCloseTo(wanted[j], 12);
    });
  }
});

it('refuses a matrix that is not positive definite', () => {
  const refused = expect.objectContaining({ type: 'NumericalFailure' });
  expect(() => choleskySolver(Float64Array.of(1, 2, 2, 1), 2)).toThrow(refused);
  expect(() => choleskySolver(Float64Array.of(Number.NaN, 0, 0, 1), 2)).toThrow(refused);
});
