import { matMul } from '../../../tensor/ops.ts';
import { type Tensor, tf } from '../../../tensor/tensorflow.ts';

/** Which records a clipped sum takes, and how much of each. */
export type RecordFactors = {
  /** [records] */
  factors: Float32Array;
  /** False where some record has numbers that are not finite: its factor is 0, and 0 * NaN must not spread. */
  finite: boolean;
};

/** The gradients of all records by one weight, without holding them in full. Holds tensors: call `dispose`. */
export type GhostGradient = {
  /** Squared l2 norm of each record's gradient, not below the truth where its terms cancel: [records]. */
  squaredNorm: Tensor;
  /** Sum over the records of factor times gradient, in the shape of the weight. Call inside tf.tidy. */
  sum(params: RecordFactors): Tensor;
  dispose(): void;
};

/** The distance from 1 to the next float32. */
const EPSILON = 2 ** -23;

/**
 * Raises a squared norm [records] that was summed from products of both signs by what rounding may have taken from it. Such a sum can
 * come out far below the truth, even below zero, when its terms cancel: a record would then be clipped too little.
 * `magnitude` [records] is at least the sum of the absolute values of the terms. The rounding of such sums was measured at a quarter of
 * EPSILON times that, at widths of 8 to 1,536 and up to 128 tokens: products add up in blocks, so it hardly grows. Call inside tf.tidy.
 */
export function aboveRounding({
  squaredNorm,
  magnitude,
}: {
  squaredNorm: Tensor;
  magnitude: Tensor;
}): Tensor {
  return tf.add(squaredNorm, tf.mul(magnitude, EPSILON));
}

/** The l2 norm of each row, in the shape [records, rows of a record]. Call inside tf.tidy. */
export function rowNorms(rows: Tensor, records: number): Tensor {
  return tf.reshape(tf.sqrt(tf.sum(tf.square(rows), 1)), [records, -1]);
}

/** With numbers that are not finite replaced by zero, if there are any. */
export function usable(t: Tensor, finite: boolean): Tensor {
  return finite ? t : tf.where(tf.isFinite(t), t, tf.zerosLike(t));
}

/** Multiplies the rows of each record, [records * n, width], by the record's factor. */
export function scaleRecords(t: Tensor, { factors, finite }: RecordFactors): Tensor {
  const records = factors.length;
  const flat = tf.reshape(usable(t, finite), [records, -1]);
  return tf.reshape(tf.mul(flat, tf.tensor2d(factors, [records, 1])), t.shape);
}

/** A weight so small that each record's gradient is held: `gradients` [records, width] are kept here. */
export function smallGradient(gradients: Tensor): GhostGradient {
  const kept = tf.keep(gradients);
  const squaredNorm = tf.keep(tf.tidy(() => tf.sum(tf.square(kept), 1)));
  return {
    squaredNorm,
    sum: ({ factors, finite }) =>
      tf.squeeze(matMul(tf.tensor2d(factors, [1, factors.length]), usable(kept, finite)), [0]),
    dispose: () => tf.dispose([kept, squaredNorm]),
  };
}

/** The same from gradients of single rows, [records * n, width], a record's rows side by side. */
export function rowsGradient(rows: Tensor, records: number): GhostGradient {
  return smallGradient(tf.tidy(() => tf.sum(tf.reshape(rows, [records, -1, rows.shape[1]!]), 1)));
}
