import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { EncoderBatch } from './batch.ts';

/**
 * How the vectors of tokens become the vector of a record: `mean` averages all, including `[CLS]` and
 * `[SEP]`; `cls` takes `[CLS]`.
 */
export type Pooling = 'mean' | 'cls';

/** Returns the weight of each token in its record's vector, 0 for padding: [records, 1, tokens]. */
export function poolingWeights({ records, tokens, lengths }: EncoderBatch, pooling: Pooling): Tensor {
  const weights = new Float32Array(records * tokens);
  lengths.forEach((length, record) => {
    const start = record * tokens;
    if (pooling === 'mean') weights.fill(1 / length, start, start + length);
    else weights[start] = 1;
  });
  return tf.tensor3d(weights, [records, 1, tokens]);
}

/** Pools hidden states: [records * tokens, width] -> [records, width]. */
export function pool(hidden: Tensor, weights: Tensor): Tensor {
  const [records, , tokens] = weights.shape as [number, number, number];
  const width = hidden.shape[1]!;
  return tf.reshape(tf.matMul(weights, tf.reshape(hidden, [records, tokens, width])), [records, width]);
}

/**
 * Returns the gradient with respect to the hidden states: [records, width] -> [records * tokens, width],
 * exactly 0 for padding.
 */
export function poolBackward(dPooled: Tensor, weights: Tensor): Tensor {
  const [records, , tokens] = weights.shape as [number, number, number];
  const width = dPooled.shape[1]!;
  const byRecord = tf.reshape(dPooled, [records, 1, width]);
  return tf.reshape(tf.matMul(weights, byRecord, true, false), [records * tokens, width]);
}
