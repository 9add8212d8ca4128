import type { LanguageModel } from '../../../language-model/language-model.ts';
import { normWeightGradient } from '../../../language-model/norm.ts';
import { type Tensor, tf } from '../../../tensor/tensorflow.ts';
import type { OutputGradients } from '../../backpropagate.ts';
import { type GhostGradient, smallGradient } from './ghost-gradient.ts';

/**
 * Adds the gradients of the final norm to `ghosts`. Its rows are the targets, whose number differs between
 * records.
 */
export function finalNormGhosts(params: {
  model: LanguageModel;
  output: OutputGradients;
  records: number;
  ghosts: Map<string, GhostGradient>;
}): void {
  const { model, output, records, ghosts } = params;
  const { dNormed, finalNorm, targets } = output;
  const byRecord = (rows: Tensor) =>
    tf.tidy(() => tf.unsortedSegmentSum(rows, tf.tensor1d(targets.owners, 'int32'), records));
  ghosts.set('finalNorm.weight', smallGradient(byRecord(normWeightGradient(dNormed, finalNorm))));
  if (model.finalNorm.bias) ghosts.set('finalNorm.bias', smallGradient(byRecord(dNormed)));
}
