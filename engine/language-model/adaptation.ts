import type { Tensor } from '../tensor/tensorflow.ts';
import type { BlockWeights } from './language-model.ts';
import type { MatrixName } from './model-config.ts';
import type { NormTape } from './norm.ts';

/** The norms of a block. */
export type NormName = Exclude<keyof BlockWeights, 'matrices'>;

/**
 * What a fine-tuning method adds to one block and takes from its backward pass. Tensors are [records *
 * tokens, ...]. A record's rows are adjacent, so that gradients can be separated by record.
 */
export type BlockAdaptation = {
  /** Whether `backward` needs the input of this linear map. */
  wantsInput(matrix: MatrixName): boolean;
  /** Returns the output y of a linear map of x plus what the method adds to it. */
  forward(matrix: MatrixName, x: Tensor, y: Tensor): Tensor;
  /**
   * Takes the gradient of a linear map's output. Returns what the method adds to the gradient of its input.
   */
  backward(matrix: MatrixName, x: Tensor | null, dy: Tensor): Tensor | null;
  /** Takes the gradient of a norm's output. */
  norm(name: NormName, tape: NormTape, dy: Tensor): void;
};
