import { clipFactors } from '../privacy/clipping.ts';
import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';

/** The clipped sum of one micro-batch and what clipping did to it. */
export type ClippedMicroBatch = { sum: Float32Array; norms: Float32Array; clipped: number };

/**
 * Clips each record's gradient to the l2 norm `clippingNorm` over all parameters together, and adds them up.
 * `gradients` [records, parameters] is freed. A record whose gradient is not finite contributes zero.
 * `clippingNorm` null adds them up as they are.
 */
export function clipAndSum(gradients: Tensor, clippingNorm: number | null): ClippedMicroBatch {
  const squares = tf.tidy(() => tf.sum(tf.square(gradients), 1));
  const norms = (squares.dataSync() as Float32Array).map(Math.sqrt);
  squares.dispose();
  const finite = norms.every(Number.isFinite);
  const factors =
    clippingNorm === null
      ? norms.map((norm) => (Number.isFinite(norm) ? 1 : 0))
      : clipFactors(norms, clippingNorm);
  const sum = tf.tidy(() => {
    // 0 * NaN is NaN: such rows are emptied before the product.
    const usable = finite ? gradients : tf.where(tf.isFinite(gradients), gradients, tf.zerosLike(gradients));
    return tf.squeeze(matMul(tf.tensor2d(factors, [1, factors.length]), usable), [0]);
  });
  const values = sum.dataSync() as Float32Array;
  tf.dispose([sum, gradients]);
  const clipped = clippingNorm === null ? 0 : norms.filter((norm) => !(norm <= clippingNorm)).length;
  return { sum: values, norms, clipped };
}
