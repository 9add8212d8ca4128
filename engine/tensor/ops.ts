import { type Tensor, tf } from './tensorflow.ts';

/**
 * TensorFlow operations that the public API lacks or reaches by a detour. The public `matMul` always goes through
 * the batched kernel, which is slower for plain matrices; `softmax` there is five kernels instead of one.
 */
type Backend = {
  binding: Record<string, number>;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
};
type Attribute = { name: string; type: number; value: number | boolean };

function backend(): Backend {
  return tf.backend() as unknown as Backend;
}

function floatType(): Attribute {
  const { binding } = backend();
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}

/**
 * Frees every tensor made inside but those in the result: a tensor, or plain objects and arrays of them. The public
 * `tf.tidy` is the same at run time, but its type refuses objects with optional members.
 */
export function tidy<T>(run: () => T): T {
  return tf.tidy(run as () => Tensor) as T;
}

/** `a @ b` of two matrices, with either one transposed: [n, k] x [k, m] -> [n, m]. */
export function matMul(
  a: Tensor,
  b: Tensor,
  options: { transposeA?: boolean; transposeB?: boolean } = {},
): Tensor {
  const { binding, executeSingleOutput } = backend();
  const flag = (name: string, value = false) => ({ name, type: binding.TF_ATTR_BOOL, value });
  return executeSingleOutput.call(
    backend(),
    'MatMul',
    [flag('transpose_a', options.transposeA), flag('transpose_b', options.transposeB), floatType()],
    [a, b],
  );
}

/** Softmax over the last axis. */
export function softmax(logits: Tensor): Tensor {
  return backend().executeSingleOutput('Softmax', [floatType()], [logits]);
}

/** Root-mean-square norm of each row of x [n, width]; `inverse` [n, 1] is kept for the backward pass. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): { y: Tensor; inverse: Tensor } {
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon));
  return { y: tf.mul(tf.mul(x, inverse), weight), inverse };
}

/** Gradient of `rmsNorm` by x: r (g - x r^2 mean(g x)) with g = dy * weight and r the saved inverse. */
export function rmsNormBackward(params: { dy: Tensor; x: Tensor; weight: Tensor; inverse: Tensor }): Tensor {
  const { dy, x, weight, inverse } = params;
  const g = tf.mul(dy, weight);
  const correction = tf.mul(tf.mean(tf.mul(g, x), 1, true), tf.square(inverse));
  return tf.mul(inverse, tf.sub(g, tf.mul(x, correction)));
}

/** `silu(gate) * up`, the gated activation of the feed-forward layer. */
export function swiglu(gate: Tensor, up: Tensor): Tensor {
  return tf.mul(tf.mul(gate, tf.sigmoid(gate)), up);
}

/** Gradients of `swiglu` by gate and up. */
export function swigluBackward(dy: Tensor, gate: Tensor, up: Tensor): { dGate: Tensor; dUp: Tensor } {
  const sigmoid = tf.sigmoid(gate);
  const silu = tf.mul(gate, sigmoid);
  // d silu / d gate = s + silu (1 - s)
  const slope = tf.add(sigmoid, tf.mul(silu, tf.sub(1, sigmoid)));
  return { dGate: tf.mul(tf.mul(dy, up), slope), dUp: tf.mul(dy, silu) };
}
