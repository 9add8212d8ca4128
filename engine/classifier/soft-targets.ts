import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { ClassifierRecord } from './classifier-record.ts';

/** How the targets of some records differ from their labels. */
export type SoftTargets = {
  /**
   * [records, classes] One-hot label minus probabilities; a row of zeros for a record that has
   * its label alone.
   */
  shift: Tensor;
  /** [records, 1] */
  weights: Tensor;
};

/** Null where all records have their label alone. Call inside tf.tidy. */
export function softTargets(records: readonly ClassifierRecord[], classes: number): SoftTargets | null {
  if (records.every(({ probabilities, weight }) => probabilities === undefined && weight === undefined))
    return null;
  const shift = new Float32Array(records.length * classes);
  records.forEach(({ label, probabilities }, record) => {
    if (probabilities === undefined) return;
    for (let k = 0; k < classes; k += 1)
      shift[record * classes + k] = (k === label ? 1 : 0) - probabilities[k];
  });
  return {
    shift: tf.tensor2d(shift, [records.length, classes]),
    weights: tf.tensor2d(
      records.map(({ weight }) => weight ?? 1),
      [records.length, 1],
    ),
  };
}

/**
 * Loss [records] of soft targets out of that of the labels, `nll`: weight times cross-entropy with the
 * probabilities, which is the label's plus the product of shift and logits [records, classes].
 */
export function softLoss(nll: Tensor, logits: Tensor, { shift, weights }: SoftTargets): Tensor {
  return tf.mul(tf.add(nll, tf.sum(tf.mul(shift, logits), 1)), tf.squeeze(weights, [1]));
}

/** Gradient of {@link softLoss} with respect to the logits out of that of the labels' loss. */
export function softGradient(dLogits: Tensor, { shift, weights }: SoftTargets): Tensor {
  return tf.mul(tf.add(dLogits, shift), weights);
}
