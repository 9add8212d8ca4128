import { gelu, geluBackward } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { EncoderActivation } from './encoder-config.ts';

/**
 * Applies the activation element by element. GELU is exact: x times the normal distribution function of x
 * (arXiv 1606.08415).
 */
export function activate(x: Tensor, activation: EncoderActivation): Tensor {
  if (activation === 'gelu-tanh') return gelu(x);
  return activation === 'relu' ? tf.relu(x) : tf.tidy(() => tf.mul(x, normalDistribution(x)));
}

/** Returns the gradient of `activate` with respect to x. */
export function activateBackward(dy: Tensor, x: Tensor, activation: EncoderActivation): Tensor {
  if (activation === 'gelu-tanh') return geluBackward(dy, x);
  return tf.tidy(() => {
    if (activation === 'relu') return tf.mul(dy, tf.step(x));
    const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.mul(dy, tf.add(normalDistribution(x), tf.mul(x, density)));
  });
}

function normalDistribution(x: Tensor): Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}
