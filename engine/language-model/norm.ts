import { rmsNorm, rmsNormBackward } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Norm } from './language-model.ts';
import type { ModelConfig } from './model-config.ts';

type NormConfig = Pick<ModelConfig, 'norm' | 'normEpsilon'>;

/**
 * Tensors kept for the backward pass: `x` [n, width], minus its mean if the norm subtracts it, and `inverse`
 * [n, 1].
 */
export type NormTape = { x: Tensor; inverse: Tensor };

/**
 * Normalises each row of x [n, width] by its root mean square, or by its standard deviation about its mean.
 */
export function normForward(x: Tensor, norm: Norm, config: NormConfig): { y: Tensor; tape: NormTape } {
  const centred = config.norm === 'layer' ? tf.sub(x, tf.mean(x, 1, true)) : x;
  const { y, inverse } = rmsNorm(centred, norm.weight, config.normEpsilon);
  return { y: norm.bias ? tf.add(y, norm.bias) : y, tape: { x: centred, inverse } };
}

/** Recomputes the normalised rows, which is cheaper than keeping them. */
export function normAgain(norm: Norm, tape: NormTape): Tensor {
  const y = tf.mul(tf.mul(tape.x, tape.inverse), norm.weight);
  return norm.bias ? tf.add(y, norm.bias) : y;
}

/** Returns the gradient with respect to the input, plus `residual` if given. */
export function normBackward(params: {
  dy: Tensor;
  norm: Norm;
  tape: NormTape;
  config: NormConfig;
  residual?: Tensor;
}): Tensor {
  const { dy, norm, tape, config, residual } = params;
  const { weight } = norm;
  if (config.norm === 'rms') return rmsNormBackward({ dy, ...tape, weight, residual });
  const dCentred = rmsNormBackward({ dy, ...tape, weight });
  const dx = tf.sub(dCentred, tf.mean(dCentred, 1, true));
  return residual ? tf.add(dx, residual) : dx;
}

/**
 * Returns the gradient of the norm's weight for each row, before the sum over rows: dy * x / rms(x), [n,
 * width].
 */
export function normWeightGradient(dy: Tensor, tape: NormTape): Tensor {
  return tf.mul(dy, tf.mul(tape.x, tape.inverse));
}
