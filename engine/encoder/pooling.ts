import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { EncoderBatch } from './batch.ts';

/** A record's vector out of those of its tokens: their mean, `[CLS]` and `[SEP]` among them, or that of `[CLS]` alone. */
export type Pooling = 'mean' | 'cls';

/** The share of each token in its record's vector, 0 at padding: [records, 1, tokens]. */
export function poolingWeights({ records, tokens, lengths }: EncoderBatch, pooling: Pooling): Tensor {
  const weights = new Float32Array(records * tokens);
  lengths.forEach((length, record) => {
    const start = record * tokens;
    if (pooling === 'mean') weights.fill(1 / length, start, start + length);
    else weights[start] = 1;
  });
  return tf.tensor3d(weights, [records, 1, tokens]);
}

/** [records * tokens, width] -> [records, width] */
export function pool(hidden: Tensor, weights: Tensor): Tensor {
  const [records, , tokens] = weights.shape as [number, number, number];
  const width = hidden.shape[1]!;
  return tf.reshape(tf.matMul(weights, tf.reshape(hidden, [records, tokens, width])), [records, width]);
}

/** Gradient by the hidden states: [records, width] -> [records * tokens, width], exactly 0 at padding. */
export function poolBackward(dPooled: Tensor, weights: Tensor): Tensor {
  const [records, , tokens] = weights.shape as [number, number, number];
  const width = dPooled.shape[1]!;
  const byRecord = tf.reshape(dPooled, [records, 1, width]);
  return tf.reshape(tf.matMul(weights, byRecord, true, false), [records * tokens, width]);
}
