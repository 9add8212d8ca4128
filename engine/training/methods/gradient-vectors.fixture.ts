import { expect } from 'vitest';
import { type Tensor, tf } from '../../tensor/tensorflow.ts';
import type { TokenRecord, TrainingMethod } from './method.ts';

// For tests that hold gradients by record to a float64 reference.

/** The group of coordinate k of the flat vector. */
export function groupAt<R extends TokenRecord>(
  { parameters, groupOf }: TrainingMethod<R>,
  k: number,
): number {
  return groupOf[parameters.findIndex(({ offset, length }) => k >= offset && k < offset + length)];
}

/** A sum of gradients as one vector [d]; each tensor must have the shape of its parameter tensor. Frees the tensors. */
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
