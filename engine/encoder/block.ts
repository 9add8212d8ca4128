import type { BlockAdaptation } from '../language-model/adaptation.ts';
import { type AttentionTape, attentionBackward, projectHeads } from '../language-model/attention.ts';
import type { BlockWeights } from '../language-model/language-model.ts';
import { linearBackward, linearForward } from '../language-model/linear.ts';
import { type NormTape, normAgain, normBackward, normForward } from '../language-model/norm.ts';
import { fromHeads, softmax } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { activate, activateBackward } from './activation.ts';
import type { EncoderScope } from './batch.ts';
import type { EncoderConfig } from './encoder-config.ts';

/** Tensors kept for the backward pass of a block, besides its input. */
export type EncoderBlockTape = {
  attention: AttentionTape;
  attentionNorm: NormTape;
  /** Values before the activation: [records * tokens, hidden]. */
  up: Tensor;
  feedForwardNorm: NormTape;
};

type Params = {
  weights: BlockWeights;
  config: EncoderConfig;
  scope: EncoderScope;
  adaptation: BlockAdaptation | null;
};

/**
 * Runs one block with norms after each layer, as in BERT: x [records * tokens, width] -> same shape. Rows of
 * padding become finite but meaningless numbers.
 */
export function encoderBlock(params: Params & { x: Tensor }): { y: Tensor; tape: EncoderBlockTape } {
  const { x, weights, config, adaptation } = params;
  const attention = attend(params);
  const middle = normForward(tf.add(x, attention.y), weights.attentionNorm, config);
  const up = linearForward({ x: middle.y, matrix: 'up', weights, adaptation });
  const inner = activate(up, config.activation);
  const down = linearForward({ x: inner, matrix: 'down', weights, adaptation });
  const out = normForward(tf.add(middle.y, down), weights.feedForwardNorm, config);
  return {
    y: out.y,
    tape: { attention: attention.tape, attentionNorm: middle.tape, up, feedForwardNorm: out.tape },
  };
}

/**
 * Returns the gradient of one block with respect to its input x. Rows of padding have a gradient of exactly 0
 * if they have 0 in `dy`. The method behind `adaptation` takes the gradients of the weights, separated by
 * record.
 */
export function encoderBlockBackward(
  params: Params & { x: Tensor; dy: Tensor; tape: EncoderBlockTape },
): Tensor {
  const { x, dy, tape, weights, config, adaptation } = params;
  const backThrough = (name: 'attentionNorm' | 'feedForwardNorm', d: Tensor) => {
    adaptation?.norm(name, tape[name], d);
    return normBackward({ dy: d, norm: weights[name], tape: tape[name], config });
  };
  const dOut = backThrough('feedForwardNorm', dy);
  const inner = activate(tape.up, config.activation);
  const dInner = linearBackward({ x: inner, dy: dOut, matrix: 'down', weights, adaptation });
  const dUp = activateBackward(dInner, tape.up, config.activation);
  const middle = normAgain(weights.attentionNorm, tape.attentionNorm);
  const dMiddle = tf.add(dOut, linearBackward({ x: middle, dy: dUp, matrix: 'up', weights, adaptation }));
  const dSum = backThrough('attentionNorm', dMiddle);
  return tf.add(dSum, attentionBackward({ ...params, x, dy: dSum, tape: tape.attention }));
}

/** Computes attention in both directions over the tokens of each record. */
function attend(params: Params & { x: Tensor }): { y: Tensor; tape: AttentionTape } {
  const { weights, config, scope, adaptation } = params;
  const { records, tokens, mask } = scope;
  const { heads, headWidth, attentionScale } = config;
  const projected = projectHeads(params);
  const { q, k, v } = projected;
  const scaled = tf.mul(tf.matMul(q, k, false, true), attentionScale);
  const probabilities = softmax(mask === null ? scaled : blocked(scaled, mask, scope));
  const context = fromHeads(tf.matMul(probabilities, v), { records, tokens, heads, headWidth }, null);
  const y = linearForward({ x: context, matrix: 'o', weights, adaptation });
  return { y, tape: { ...projected, probabilities, context } };
}

/** Returns scores [records * heads, tokens, tokens] with those of padding lowered. */
function blocked(scores: Tensor, mask: Tensor, { records, tokens }: EncoderScope): Tensor {
  const byRecord = tf.reshape(scores, [records, -1, tokens]);
  return tf.reshape(tf.add(byRecord, mask), scores.shape);
}
