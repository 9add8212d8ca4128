import { packFrozen } from '../tensor/frozen-matmul.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { FrozenMatrix, LanguageModel, Linear } from './language-model.ts';

/**
 * The model with all its matrices frozen and in bfloat16: float32 rows are rounded for a product and summed in float32. Embedding,
 * norms and biases stay in float32. Takes the model over: the float32 matrices of its blocks are freed one by one. `backward` packs
 * the transposes as well, which training needs. Only where `hasFrozenMatMul` is true.
 */
export function inBfloat16(model: LanguageModel, { backward }: { backward: boolean }): LanguageModel {
  const weights = new Map(model.weights);
  const blocks = model.blocks.map((block, index) => {
    const matrices = Object.entries(block.matrices).map(([name, linear]): [string, Linear] => {
      if ('frozen' in linear) return [name, linear];
      const frozen = freeze(linear.weight, { transposed: false, backward });
      tf.dispose([linear.weight, ...(linear.transposed ? [linear.transposed] : [])]);
      weights.delete(`blocks.${index}.${name}.weight`);
      return [name, { bias: linear.bias, frozen }];
    });
    return { ...block, matrices: Object.fromEntries(matrices) };
  });
  const frozenOutput = freeze(model.output, { transposed: true, backward });
  return { ...model, weights, blocks, frozenOutput };
}

/** `transposed`: the forward product is with the transpose of the matrix, and the backward one with the matrix itself. */
function freeze(
  matrix: Tensor,
  { transposed, backward }: { transposed: boolean; backward: boolean },
): FrozenMatrix {
  return {
    forward: packFrozen(matrix, { transposed }),
    backward: backward ? packFrozen(matrix, { transposed: !transposed }) : null,
  };
}
