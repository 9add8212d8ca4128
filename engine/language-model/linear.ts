import { frozenMatMul, type PackedMatrix } from '../tensor/frozen-matmul.ts';
import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockAdaptation } from './adaptation.ts';
import type { BlockWeights, FrozenMatrix, Linear } from './language-model.ts';
import type { MatrixName } from './model-config.ts';

/** Applies one linear map of a block, plus what the fine-tuning method adds: [n, inputs] -> [n, outputs]. */
export function linearForward(params: {
  x: Tensor;
  matrix: MatrixName;
  weights: BlockWeights;
  adaptation: BlockAdaptation | null;
}): Tensor {
  const { x, matrix, weights, adaptation } = params;
  const linear = weights.matrices[matrix]!;
  const product = 'frozen' in linear ? frozenMatMul(x, linear.frozen.forward) : matMul(x, linear.weight);
  const y = linear.bias ? tf.add(product, linear.bias) : product;
  return adaptation ? adaptation.forward(matrix, x, y) : y;
}

/**
 * Returns the gradient with respect to the input of one linear map. `x` may be null if the method does not
 * need it.
 */
export function linearBackward(params: {
  x: Tensor | null;
  dy: Tensor;
  matrix: MatrixName;
  weights: BlockWeights;
  adaptation: BlockAdaptation | null;
}): Tensor {
  const { x, dy, matrix, weights, adaptation } = params;
  const dx = throughMatrix(dy, weights.matrices[matrix]!);
  const added = adaptation?.backward(matrix, x, dy) ?? null;
  return added ? tf.add(dx, added) : dx;
}

function throughMatrix(dy: Tensor, linear: Linear): Tensor {
  if ('frozen' in linear) return frozenMatMul(dy, backwardOf(linear.frozen));
  const { weight, transposed } = linear;
  return transposed ? matMul(dy, transposed) : matMul(dy, weight, { transposeB: true });
}

/**
 * Returns the packed transpose of a matrix packed for training. Throws an Error if it was packed only for
 * inference.
 */
export function backwardOf({ backward }: FrozenMatrix): PackedMatrix {
  if (backward === null) throw new Error('This model was packed for inference: it has no backward pass.');
  return backward;
}
