import { gatedActivation, gatedActivationBackward, gelu, geluBackward } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockAdaptation } from './adaptation.ts';
import type { BlockWeights } from './language-model.ts';
import { linearBackward, linearForward } from './linear.ts';
import type { ModelConfig } from './model-config.ts';

/** Tensors kept for the backward pass: [n, hidden]; `gate` is null if the layer is not gated. */
export type FeedForwardTape = { gate: Tensor | null; up: Tensor };

type Params = { weights: BlockWeights; config: ModelConfig; adaptation: BlockAdaptation | null };

/** Runs the feed-forward layer: x [n, width] -> same shape. */
export function feedForward(params: Params & { x: Tensor }): { y: Tensor; tape: FeedForwardTape } {
  const { x, weights, config, adaptation } = params;
  const map = (matrix: 'gate' | 'up') => linearForward({ x, matrix, weights, adaptation });
  const tape = { gate: config.gated ? map('gate') : null, up: map('up') };
  const activated = activate(tape, config);
  return { y: linearForward({ x: activated, matrix: 'down', weights, adaptation }), tape };
}

/**
 * Returns the gradient with respect to the input. `x` is that input, or null if the method does not need it.
 */
export function feedForwardBackward(
  params: Params & { dy: Tensor; x: Tensor | null; tape: FeedForwardTape },
): Tensor {
  const { dy, x, tape, weights, config, adaptation } = params;
  const activated = adaptation?.wantsInput('down') ? activate(tape, config) : null;
  const dActivated = linearBackward({ x: activated, dy, matrix: 'down', weights, adaptation });
  const back = (matrix: 'gate' | 'up', d: Tensor) =>
    linearBackward({ x, dy: d, matrix, weights, adaptation });
  const { gate, up } = tape;
  if (gate === null) return back('up', geluBackward(dActivated, up));
  const { dGate, dUp } = gatedActivationBackward({
    dy: dActivated,
    gate,
    up,
    activation: config.activation,
  });
  return tf.add(back('gate', dGate), back('up', dUp));
}

function activate({ gate, up }: FeedForwardTape, config: ModelConfig): Tensor {
  // The one family without a gate, GPT-2, uses GELU.
  return gate === null ? gelu(up) : gatedActivation(gate, up, config.activation);
}
