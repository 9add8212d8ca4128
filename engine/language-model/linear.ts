import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockAdaptation } from './adaptation.ts';
import type { BlockWeights } from './language-model.ts';
import type { MatrixName } from './model-config.ts';

/** One linear map of a block, with what the fine-tuning method adds: [n, inputs] -> [n, outputs]. */
export function linearForward(params: {
  x: Tensor;
  matrix: MatrixName;
  weights: BlockWeights;
  adaptation: BlockAdaptation | null;
}): Tensor {
  const { x, matrix, weights, adaptation } = params;
  const { weight, bias } = weights.matrices[matrix]!;
  const product = matMul(x, weight);
  const y = bias ? tf.add(product, bias) : product;
  return adaptation ? adaptation.forward(matrix, x, y) : y;
}

/** Gradient by the input of one linear map. `x` may be null where the method does not want it. */
export function linearBackward(params: {
  x: Tensor | null;
  dy: Tensor;
  matrix: MatrixName;
  weights: BlockWeights;
  adaptation: BlockAdaptation | null;
}): Tensor {
  const { x, dy, matrix, weights, adaptation } = params;
  const { weight, transposed } = weights.matrices[matrix]!;
  const dx = transposed ? matMul(dy, transposed) : matMul(dy, weight, { transposeB: true });
  const added = adaptation?.backward(matrix, x, dy) ?? null;
  return added ? tf.add(dx, added) : dx;
}
