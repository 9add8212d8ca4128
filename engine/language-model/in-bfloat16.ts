import { packFrozen } from '../tensor/frozen-matmul.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { FrozenMatrix, LanguageModel, Linear } from './language-model.ts';

/**
 * Returns the model with all its matrices frozen in bfloat16. Products round float32 rows to bfloat16 and sum
 * in float32. Embedding, norms and biases stay in float32. Takes over the model and frees the float32
 * matrices of its blocks one by one. `backward` also packs the transposes, which training needs. Requires
 * `hasFrozenMatMul`.
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

/**
 * Freezes a matrix. With `transposed`, the forward product uses its transpose and the backward product the
 * matrix itself.
 */
function freeze(
  matrix: Tensor,
  { transposed, backward }: { transposed: boolean; backward: boolean },
): FrozenMatrix {
  return {
    forward: packFrozen(matrix, { transposed }),
    backward: backward ? packFrozen(matrix, { transposed: !transposed }) : null,
  };
}
