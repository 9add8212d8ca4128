import { cachedAttention, type VisibleKeys } from '../tensor/ops.ts';
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
  /** One token per record; each slot is a record. */
  scope: AttentionScope;
  cache: KeyValueCache;
  block: number;
  /** Rows of the cache for the new keys and values. */
  rows: Tensor;
  visible: VisibleKeys;
};

/**
 * Runs one block on the next token of each slot: x [slots, width] -> same shape. Writes the token to the
 * cache.
 */
export function decodeBlock(params: Params & { x: Tensor }): Tensor {
  const { x, weights, config } = params;
  const post = (y: Tensor, norm: Norm | null) => (norm === null ? y : normForward(y, norm, config).y);
  const attended = attend({ ...params, x: normForward(x, weights.attentionNorm, config).y });
  const middle = tf.add(x, post(attended, weights.attentionPostNorm));
  const normed = normForward(middle, weights.feedForwardNorm, config).y;
  const inner = feedForward({ x: normed, weights, config, adaptation: null }).y;
  return tf.add(middle, post(inner, weights.feedForwardPostNorm));
}

function attend(params: Params & { x: Tensor }): Tensor {
  const { x, weights, config, scope, cache, block, rows, visible } = params;
  const { q, k, v } = projectHeads({ x, weights, config, scope, adaptation: null });
  cache.write(block, rows, { k, v });
  const context = cachedAttention({ q, ...cache.read(block), visible, scale: config.attentionScale });
  return linearForward({ x: context, matrix: 'o', weights, adaptation: null });
}
