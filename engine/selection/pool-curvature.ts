import { choleskySolver } from './cholesky.ts';
import type { LinearHead } from './linear-head.ts';
import type { UnitRecords } from './unit-records.ts';

/**
 * Returns a function that turns a descent direction [classes, width + 1] into a step: for each class it divides by half the second moment of
 * the pool's vectors, the constant with them, plus `damping` in every direction.
 *
 * That matrix bounds the curvature of a softmax over such vectors (Boehning 1992, "Multinomial logistic regression algorithm"), so a whole step
 * does not overshoot where the private records resemble the pool, and no learning rate is to be chosen. It comes from the pool alone:
 * applied to a released sum, it is post-processing.
 */
export function curvatureStep(
  pool: UnitRecords,
  damping: number,
): (descent: Float64Array) => LinearHead['weights'] {
  const size = pool.width + 1;
  const solve = choleskySolver(halfSecondMoment(pool, damping), size);
  return (descent) => {
    const step = new Float64Array(descent.length);
    for (let from = 0; from < descent.length; from += size)
      step.set(solve(descent.subarray(from, from + size)), from);
    return step;
  };
}

function halfSecondMoment({ count, width, vectors }: UnitRecords, damping: number): Float64Array {
  const size = width + 1;
  const moment = new Float64Array(size * size);
  const vector = new Float64Array(size);
  vector[width] = 1;
  for (let record = 0; record < count; record += 1) {
    vector.set(vectors.subarray(record * width, (record + 1) * width));
    for (let i = 0; i < size; i += 1)
      for (let j = 0; j <= i; j += 1) moment[i * size + j] += vector[i] * vector[j];
  }
  const scale = 0.5 / Math.max(1, count);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      const value = moment[i * size + j] * scale + (i === j ? damping : 0);
      moment[i * size + j] = value;
      moment[j * size + i] = value;
    }
  return moment;
}
