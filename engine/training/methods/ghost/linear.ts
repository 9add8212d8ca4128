import { matMul } from '../../../tensor/ops.ts';
import { type Tensor, tf } from '../../../tensor/tensorflow.ts';
import { aboveRounding, type GhostGradient, rowNorms, scaleRecords, usable } from './ghost-gradient.ts';

/**
 * Returns the gradient of a linear map y = x W. A record's gradient is x^T dy over its own tokens. Its
 * squared norm is the sum of the product of two Gram matrices, (x x^T) * (dy dy^T), tokens by tokens
 * (Goodfellow 2015; arXiv 2110.05679). Keeps its own handles of x [records * tokens, inputs] and dy [records
 * * tokens, outputs]; the backward pass disposes of its handles.
 */
export function linearGradient(x: Tensor, dy: Tensor, records: number): GhostGradient {
  const squaredNorm = tf.tidy(() =>
    aboveRounding({
      squaredNorm: tf.sum(tf.mul(gram(x, records), gram(dy, records)), [1, 2]),
      // The terms are inner products of rows, each bounded by the product of two norms.
      magnitude: tf.square(tf.sum(tf.mul(rowNorms(x, records), rowNorms(dy, records)), 1)),
    }),
  );
  return sumOfProducts({ x, dy, squaredNorm });
}

/** Returns the gradient of a linear map whose squared norms [records] are already known. Keeps these too. */
export function sumOfProducts(params: { x: Tensor; dy: Tensor; squaredNorm: Tensor }): GhostGradient {
  const [x, dy] = [params.x, params.dy].map((t) => tf.keep(tf.clone(t)));
  const squaredNorm = tf.keep(params.squaredNorm);
  return {
    squaredNorm,
    sum: (factors) => matMul(usable(x, factors.finite), scaleRecords(dy, factors), { transposeA: true }),
    dispose: () => tf.dispose([x, dy, squaredNorm]),
  };
}

/** Returns the inner products of the rows of each record: [records, tokens, tokens]. */
export function gram(rows: Tensor, records: number): Tensor {
  const byRecord = tf.reshape(rows, [records, -1, rows.shape[1]!]);
  return tf.matMul(byRecord, byRecord, false, true);
}
