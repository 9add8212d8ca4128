import { type Tensor, tf } from './tensorflow.ts';

/** A fixed matrix in bfloat16, in the order in which products read it. Only for `frozenMatMul`. */
export type PackedMatrix = { words: Tensor; columns: number };

/**
 * Packs a float32 matrix [inner, columns], or the transpose of [columns, inner], rounded to the nearest
 * bfloat16. Requires `hasFrozenMatMul`. The caller disposes of `words`.
 */
export function packFrozen(matrix: Tensor, { transposed }: { transposed: boolean }): PackedMatrix {
  const attributes = [integer('transposed', transposed ? 1 : 0)];
  return {
    words: execute('DpsynthFrozenPack', attributes, [matrix]),
    columns: matrix.shape[transposed ? 0 : 1]!,
  };
}

/**
 * Multiplies x [rows, inner] by a packed matrix -> [rows, columns], float32. Factors are rounded to bfloat16
 * (8 bits of precision) and products summed in float32. The bits of a row's result do not depend on the other
 * rows. NaN and infinity pass through; subnormal numbers count as 0.
 */
export function frozenMatMul(x: Tensor, { words, columns }: PackedMatrix): Tensor {
  return execute('DpsynthFrozenMatMul', [integer('columns', columns)], [x, words]);
}

type Attribute = { name: string; type: number; value: number };
type Backend = {
  binding: Record<string, number>;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
};

function execute(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor {
  return backend().executeSingleOutput(name, attributes, inputs);
}

function integer(name: string, value: number): Attribute {
  return { name, type: backend().binding.TF_ATTR_INT!, value };
}

function backend(): Backend {
  return tf.backend() as unknown as Backend;
}
