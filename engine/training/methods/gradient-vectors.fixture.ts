import { expect } from 'vitest';
import { type Tensor, tf } from '../../tensor/tensorflow.ts';
import type { TokenRecord, TrainingMethod } from './method.ts';

// For tests that compare the gradients of records with a float64 reference.

/** Returns the group of coordinate k of the flat vector. */
export function groupAt<R extends TokenRecord>(
  { parameters, groupOf }: TrainingMethod<R>,
  k: number,
): number {
  return groupOf[parameters.findIndex(({ offset, length }) => k >= offset && k < offset + length)];
}

/**
 * Returns a sum of gradients as one vector [d]. Each tensor must have the shape of its parameter tensor.
 * Frees the tensors.
 */
export function flat<R extends TokenRecord>({ parameters }: TrainingMethod<R>, sum: Tensor[]): Float64Array {
  const values = new Float64Array(parameters.reduce((total, { length }) => total + length, 0));
  sum.forEach((tensor, i) => {
    expect(tensor.shape).toEqual(parameters[i].shape);
    values.set(tensor.dataSync(), parameters[i].offset);
  });
  tf.dispose(sum);
  return values;
}

export function norm(x: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * x[k];
  return Math.sqrt(sum);
}

export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return norm(Float64Array.from(a, (value, k) => value - b[k]));
}
