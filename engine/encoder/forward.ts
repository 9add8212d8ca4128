import { type NormTape, normForward } from '../language-model/norm.ts';
import { tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type EncoderBatch, encoderScope } from './batch.ts';
import { encoderBlock } from './block.ts';
import type { Encoder } from './encoder.ts';

/**
 * Returns the input of the first block, [records * tokens, width]: normed token, position and segment
 * embeddings.
 */
export function embed(encoder: Encoder, batch: EncoderBatch): { x: Tensor; tape: NormTape } {
  const { config, embedding, positions, segments, embeddingNorm } = encoder;
  const { records, tokens } = batch;
  const { width } = config;
  const looked = tf.gather(embedding, tf.tensor1d(batch.ids, 'int32'));
  let sum = tf.add(
    tf.reshape(looked, [records, tokens, width]),
    tf.slice(positions, [0, 0], [tokens, width]),
  );
  if (segments !== null) sum = tf.add(sum, tf.slice(segments, [0, 0], [1, width]));
  const { y, tape } = normForward(tf.reshape(sum, [records * tokens, width]), embeddingNorm, config);
  return { x: y, tape };
}

/**
 * Returns the hidden states of the last block, [records * tokens, width]. Rows of padding are meaningless.
 * Call inside tf.tidy.
 */
export function runEncoder(encoder: Encoder, batch: EncoderBatch): Tensor {
  const { config, blocks } = encoder;
  const scope = encoderScope(batch);
  let x = tidy(() => embed(encoder, batch).x);
  for (const weights of blocks) {
    const y = tidy(() => encoderBlock({ x, weights, config, scope, adaptation: null }).y);
    x.dispose();
    x = y;
  }
  return x;
}
