import { causalSoftmax, fromHeads, type RotaryTables, softmaxBackward, toHeads } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockAdaptation } from './adaptation.ts';
import type { BlockWeights, Norm } from './language-model.ts';
import { linearBackward, linearForward } from './linear.ts';
import type { ModelConfig } from './model-config.ts';
import { type NormTape, normBackward, normForward } from './norm.ts';

/**
 * The batch as one block sees it: [records, tokens], padded on the right, with the limits of its attention.
 */
export type AttentionScope = {
  records: number;
  tokens: number;
  rotary: RotaryTables | null;
  window: number | null;
};

/** Tensors kept for the backward pass. Query heads that share a key head are adjacent. */
export type AttentionTape = {
  /** [records * heads, tokens, headWidth], rotated */
  q: Tensor;
  /** [records * keyValueHeads, tokens, headWidth] */
  k: Tensor;
  v: Tensor;
  /** [records * keyValueHeads, heads / keyValueHeads * tokens, tokens] */
  probabilities: Tensor;
  /** [records * tokens, heads * headWidth] */
  context: Tensor;
  queryNorm: NormTape | null;
  keyNorm: NormTape | null;
};

type HeadConfig = Pick<
  ModelConfig,
  'heads' | 'keyValueHeads' | 'headWidth' | 'attentionScale' | 'norm' | 'normEpsilon'
>;

type Params = {
  weights: BlockWeights;
  config: HeadConfig;
  scope: AttentionScope;
  adaptation: BlockAdaptation | null;
};

/**
 * Returns queries, keys and values of x [records * tokens, width] by head, with the model's norms and
 * rotation.
 */
export function projectHeads(
  params: Params & { x: Tensor },
): Pick<AttentionTape, 'q' | 'k' | 'v' | 'queryNorm' | 'keyNorm'> {
  const { x, weights, config, scope, adaptation } = params;
  const { records, tokens, rotary } = scope;
  const { heads, keyValueHeads, headWidth } = config;
  const keyShape = { records, tokens, heads: keyValueHeads, headWidth };
  const project = (matrix: 'q' | 'k' | 'v') => linearForward({ x, matrix, weights, adaptation });
  const query = headNorm(project('q'), weights.queryNorm, config);
  const key = headNorm(project('k'), weights.keyNorm, config);
  return {
    q: toHeads(query.y, { ...keyShape, heads }, rotary),
    k: toHeads(key.y, keyShape, rotary),
    v: toHeads(project('v'), keyShape, null),
    queryNorm: query.tape,
    keyNorm: key.tape,
  };
}

/**
 * Computes causal self-attention of x [records * tokens, width] -> same shape. Supports grouped-query
 * attention without copies.
 */
export function attentionForward(params: Params & { x: Tensor }): { y: Tensor; tape: AttentionTape } {
  const { weights, config, scope, adaptation } = params;
  const { records, tokens, window } = scope;
  const { heads, keyValueHeads, headWidth, attentionScale } = config;
  const projected = projectHeads(params);
  const { q, k, v } = projected;
  const grouped = tf.reshape(q, [records * keyValueHeads, (heads / keyValueHeads) * tokens, headWidth]);
  const scores = tf.matMul(grouped, k, false, true);
  const probabilities = causalSoftmax(scores, attentionScale, { tokens, window });
  const mixed = tf.reshape(tf.matMul(probabilities, v), [records * heads, tokens, headWidth]);
  const context = fromHeads(mixed, { records, tokens, heads, headWidth }, null);
  const y = linearForward({ x: context, matrix: 'o', weights, adaptation });
  return { y, tape: { ...projected, probabilities, context } };
}

/**
 * Returns the gradient of the attention with respect to its input. `x` is that input, or null if the method
 * does not need it.
 */
export function attentionBackward(
  params: Params & { dy: Tensor; x: Tensor | null; tape: AttentionTape },
): Tensor {
  const { dy, x, tape, weights, config, scope, adaptation } = params;
  const { records, tokens, rotary } = scope;
  const { heads, keyValueHeads, headWidth, attentionScale } = config;
  const keyShape = { records, tokens, heads: keyValueHeads, headWidth };
  const queryShape = { ...keyShape, heads };
  const groupedShape = [records * keyValueHeads, (heads / keyValueHeads) * tokens, headWidth];

  const dContext = linearBackward({ x: tape.context, dy, matrix: 'o', weights, adaptation });
  const dMixed = tf.reshape(toHeads(dContext, queryShape, null), groupedShape);
  const dProbabilities = tf.matMul(dMixed, tape.v, false, true);
  const dV = tf.matMul(tape.probabilities, dMixed, true, false);
  const dScores = softmaxBackward(dProbabilities, tape.probabilities, attentionScale);
  const dQ = tf.reshape(tf.matMul(dScores, tape.k), tape.q.shape);
  const dK = tf.matMul(dScores, tf.reshape(tape.q, groupedShape), true, false);

  const project = (matrix: 'q' | 'k' | 'v', d: Tensor) =>
    linearBackward({ x, dy: d, matrix, weights, adaptation });
  const dQuery = headNormBackward('queryNorm', fromHeads(dQ, queryShape, rotary), params);
  const dKey = headNormBackward('keyNorm', fromHeads(dK, keyShape, rotary), params);
  const fromQueryKey = tf.add(project('q', dQuery), project('k', dKey));
  return tf.add(fromQueryKey, project('v', fromHeads(dV, keyShape, null)));
}

/** Normalises each head of x [n, heads * headWidth] separately, if the model does. */
function headNorm(x: Tensor, norm: Norm | null, config: HeadConfig): { y: Tensor; tape: NormTape | null } {
  if (norm === null) return { y: x, tape: null };
  const { y, tape } = normForward(tf.reshape(x, [-1, config.headWidth]), norm, config);
  return { y: tf.reshape(y, x.shape), tape };
}

function headNormBackward(
  name: 'queryNorm' | 'keyNorm',
  dy: Tensor,
  params: Params & { tape: AttentionTape },
): Tensor {
  const { weights, config, adaptation } = params;
  const norm = weights[name];
  const tape = params.tape[name];
  if (norm === null || tape === null) return dy;
  const byHead = tf.reshape(dy, tape.x.shape);
  adaptation?.norm(name, tape, byHead);
  return tf.reshape(normBackward({ dy: byHead, norm, tape, config }), dy.shape);
}
