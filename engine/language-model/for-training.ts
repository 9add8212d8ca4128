import { tf } from '../tensor/tensorflow.ts';
import type { BlockWeights, LanguageModel, Linear } from './language-model.ts';

/**
 * Returns the model with a transposed copy of each frozen matrix that widens its input, for the many backward
 * passes of training. With such a matrix transposed on the fly, a product runs at three quarters of the
 * speed. The model owns the copies, which live as long as the process. Matrices in bfloat16 already have
 * theirs.
 */
export function forTraining(model: LanguageModel): LanguageModel {
  return { ...model, blocks: model.blocks.map(withTransposed) };
}

function withTransposed(block: BlockWeights): BlockWeights {
  const matrices = Object.entries(block.matrices).map(([name, linear]): [string, Linear] => {
    if ('frozen' in linear) return [name, linear];
    const [inputs, outputs] = linear.weight.shape;
    if (outputs! <= inputs!) return [name, linear];
    return [name, { ...linear, transposed: tf.transpose(linear.weight) }];
  });
  return { ...block, matrices: Object.fromEntries(matrices) };
}
