import { type Tensor, tf } from './tensorflow.ts';

/**
 * TensorFlow operations that the public API lacks or reaches indirectly. The public `matMul` always uses the
 * batched kernel, which is slower for plain matrices; the public `softmax` uses five kernels instead of one.
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
 * Frees every tensor created inside, except those in the result: a tensor, or plain objects and arrays of
 * tensors. The public `tf.tidy` is the same at run time, but its type refuses objects with optional members.
 */
export function tidy<T>(run: () => T): T {
  return tf.tidy(run as () => Tensor) as T;
}

/** Returns `a @ b` of two matrices, each optionally transposed: [n, k] x [k, m] -> [n, m]. */
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

/** Returns the softmax over the last axis. */
export function softmax(logits: Tensor): Tensor {
  return backend().executeSingleOutput('Softmax', [floatType()], [logits]);
}

/**
 * Writes values [m, ...] in place into the rows `rows` [m] (int32) of x [n, ...], without copying the rest.
 * The change is visible in every tensor that shares x's memory, such as a reshaped one.
 */
export function writeRows(x: Tensor, rows: Tensor, values: Tensor): void {
  // The result shares the memory of x.
  backend().executeSingleOutput('InplaceUpdate', [floatType()], [x, rows, values]).dispose();
}
