import { numericalFailure } from '../privacy/parts.ts';

/**
 * Solves matrix x = side for a symmetric positive definite matrix [size, size], row by row, by Cholesky's factorisation in float64. Returns a
 * function that solves for one right side [size].
 * @throws NumericalFailure for a matrix that is not positive definite
 */
export function choleskySolver(matrix: Float64Array, size: number): (side: Float64Array) => Float64Array {
  const lower = factor(matrix, size);
  return (side) => {
    const solution = Float64Array.from(side);
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < i; j += 1) solution[i] -= lower[i * size + j] * solution[j];
      solution[i] /= lower[i * size + i];
    }
    for (let i = size - 1; i >= 0; i -= 1) {
      for (let j = i + 1; j < size; j += 1) solution[i] -= lower[j * size + i] * solution[j];
      solution[i] /= lower[i * size + i];
    }
    return solution;
  };
}

function factor(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i * size + j];
      for (let k = 0; k < j; k += 1) rest -= lower[i * size + k] * lower[j * size + k];
      if (i !== j) lower[i * size + j] = rest / lower[j * size + j];
      else if (rest > 0) lower[i * size + i] = Math.sqrt(rest);
      else
        throw numericalFailure('A covariance of the pool is not positive definite; add texts to the pool.');
    }
  return lower;
}
