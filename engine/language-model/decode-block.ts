import { softmax } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type AttentionScope, projectHeads } from './attention.ts';
import { feedForward } from './feed-forward.ts';
import type { KeyValueCache } from './key-value-cache.ts';
import type { BlockWeights, Norm } from './language-model.ts';
import { linearForward } from './linear.ts';
import type { ModelConfig } from './model-config.ts';
import { normForward } from './norm.ts';

type Params = {
  weights: BlockWeights;
  config: ModelConfig;
  /** One token a record: each slot is a record. */
  scope: AttentionScope;
  cache: KeyValueCache;
  block: number;
  /** Where the cache takes the new keys and values. */
  rows: Tensor;
  /** [slots, 1, 1, capacity]: 0 at the keys that a slot's token sees, a large negative number at all others. */
  mask: Tensor;
};

/** One block over one more token of each slot: x [slots, width] -> same shape. Writes the token to the cache. */
export function decodeBlock(params: Params & { x: Tensor }): Tensor {
  const { x, weights, config } = params;
  const post = (y: Tensor, norm: Norm | null) => (norm === null ? y : normForward(y, norm, config).y);
  const attended = attend({ ...params, x: normForward(x, weights.attentionNorm, config).y });
  const middle = tf.add(x, post(attended, weights.attentionPostNorm));
  const normed = normForward(middle, weights.feedForwardNorm, config).y;
  const inner = feedForward({ x: normed, weights, config, adaptation: null }).y;
  return tf.add(middle, post(inner, weights.feedForwardPostNorm));
}

function attend({ x, weights, config, scope, cache, block, rows, mask }: Params & { x: Tensor }): Tensor {
  const { heads, keyValueHeads, headWidth, attentionScale } = config;
  const slots = scope.records;
  const projected = projectHeads({ x, weights, config, scope, adaptation: null });
  cache.write(block, rows, projected);
  const { k, v } = cache.read(block);
  const grouped = tf.reshape(projected.q, [slots, keyValueHeads, heads / keyValueHeads, headWidth]);
  const scores = tf.matMul(tf.mul(grouped, attentionScale), k, false, true);
  const mixed = tf.matMul(softmax(tf.add(scores, mask)), v);
  const context = tf.reshape(mixed, [slots, heads * headWidth]);
  return linearForward({ x: context, matrix: 'o', weights, adaptation: null });
}
