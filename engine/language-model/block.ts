import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockAdaptation, NormName } from './adaptation.ts';
import { type AttentionScope, type AttentionTape, attentionBackward, attentionForward } from './attention.ts';
import { type FeedForwardTape, feedForward, feedForwardBackward } from './feed-forward.ts';
import type { BlockWeights } from './language-model.ts';
import type { ModelConfig } from './model-config.ts';
import { type NormTape, normAgain, normBackward, normForward } from './norm.ts';

/** Tensors kept for the backward pass of a block. */
export type BlockTape = {
  attentionNorm: NormTape;
  attention: AttentionTape;
  attentionPostNorm: NormTape | null;
  feedForwardNorm: NormTape;
  feedForward: FeedForwardTape;
  feedForwardPostNorm: NormTape | null;
};

type Params = {
  weights: BlockWeights;
  config: ModelConfig;
  scope: AttentionScope;
  adaptation: BlockAdaptation | null;
};

/**
 * Runs one transformer block, x [records * tokens, width] -> same shape. Also returns the tape for
 * `blockBackward`.
 */
export function blockForward(params: Params & { x: Tensor }): { y: Tensor; tape: BlockTape } {
  const { x, weights, config } = params;
  const attentionNorm = normForward(x, weights.attentionNorm, config);
  const attention = attentionForward({ ...params, x: attentionNorm.y });
  const attentionOut = postNorm(attention.y, 'attentionPostNorm', params);
  const middle = tf.add(x, attentionOut.y);
  const feedForwardNorm = normForward(middle, weights.feedForwardNorm, config);
  const inner = feedForward({ ...params, x: feedForwardNorm.y });
  const feedForwardOut = postNorm(inner.y, 'feedForwardPostNorm', params);
  return {
    y: tf.add(middle, feedForwardOut.y),
    tape: {
      attentionNorm: attentionNorm.tape,
      attention: attention.tape,
      attentionPostNorm: attentionOut.tape,
      feedForwardNorm: feedForwardNorm.tape,
      feedForward: inner.tape,
      feedForwardPostNorm: feedForwardOut.tape,
    },
  };
}

/**
 * Returns the gradient of one block with respect to its input. `dy` [records * tokens, width] is not summed:
 * each record has its own rows, so the method behind `adaptation` can separate the records. `needsInput`
 * false skips work for blocks below.
 */
export function blockBackward(
  params: Params & { dy: Tensor; tape: BlockTape; needsInput: boolean },
): Tensor | null {
  const { dy, tape, weights, config, adaptation, needsInput } = params;
  const inner = postNormBackward(dy, 'feedForwardPostNorm', params);
  const dNormedMiddle = feedForwardBackward({
    ...params,
    dy: inner,
    x: again('feedForwardNorm', ['gate', 'up'], params),
    tape: tape.feedForward,
  });
  adaptation?.norm('feedForwardNorm', tape.feedForwardNorm, dNormedMiddle);
  const dMiddle = normBackward({
    dy: dNormedMiddle,
    norm: weights.feedForwardNorm,
    tape: tape.feedForwardNorm,
    config,
    residual: dy,
  });
  const attended = postNormBackward(dMiddle, 'attentionPostNorm', params);
  const dNormed = attentionBackward({
    ...params,
    dy: attended,
    x: again('attentionNorm', ['q', 'k', 'v'], params),
    tape: tape.attention,
  });
  adaptation?.norm('attentionNorm', tape.attentionNorm, dNormed);
  if (!needsInput) return null;
  return normBackward({
    dy: dNormed,
    norm: weights.attentionNorm,
    tape: tape.attentionNorm,
    config,
    residual: dMiddle,
  });
}

/** Recomputes the output of a norm if the method needs it as the input of one of the next linear maps. */
function again(
  name: 'attentionNorm' | 'feedForwardNorm',
  matrices: readonly ('q' | 'k' | 'v' | 'gate' | 'up')[],
  { weights, tape, adaptation }: Params & { tape: BlockTape },
): Tensor | null {
  const wanted = adaptation !== null && matrices.some((matrix) => adaptation.wantsInput(matrix));
  return wanted ? normAgain(weights[name], tape[name]) : null;
}

type PostNorm = Extract<NormName, 'attentionPostNorm' | 'feedForwardPostNorm'>;

function postNorm(x: Tensor, name: PostNorm, params: Params): { y: Tensor; tape: NormTape | null } {
  const norm = params.weights[name];
  return norm === null ? { y: x, tape: null } : normForward(x, norm, params.config);
}

function postNormBackward(dy: Tensor, name: PostNorm, params: Params & { tape: BlockTape }): Tensor {
  const { weights, config, adaptation } = params;
  const norm = weights[name];
  const tape = params.tape[name];
  if (norm === null || tape === null) return dy;
  adaptation?.norm(name, tape, dy);
  return normBackward({ dy, norm, tape, config });
}
