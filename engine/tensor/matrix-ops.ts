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

/**
 * Writes rows of x [n, ...] in place, without a copy of the rest: values [m, ...] into the places `rows` [m]. Every
 * tensor that shares x's memory, as a reshaped one does, sees them. `rows` is int32.
 */
export function writeRows(x: Tensor, rows: Tensor, values: Tensor): void {
  // The result is x's memory once more.
  backend().executeSingleOutput('InplaceUpdate', [floatType()], [x, rows, values]).dispose();
}
