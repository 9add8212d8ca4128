import { softmaxCrossEntropy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Evaluated } from './architecture.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { softGradient, softLoss, softTargets } from './soft-targets.ts';

const BATCH = 128;

/**
 * Training micro-batch if a text takes little memory. Texts of similar length share a micro-batch, so there
 * is little padding.
 */
export const SMALL_TEXTS_MICRO_BATCH = 32;

/**
 * Returns the cross-entropy of logits [records, classes] with each record's label, or with its probabilities,
 * times its weight; and its gradient with respect to the logits, weight times (softmax minus target). The
 * caller owns and frees the gradient.
 */
export function classLoss(
  logits: Tensor,
  records: readonly ClassifierRecord[],
): { losses: Float32Array; dLogits: Tensor } {
  const { nll, dLogits } = tf.tidy(() => {
    const hard = softmaxCrossEntropy(logits, labelsOf(records), true);
    const soft = softTargets(records, logits.shape[1]!);
    if (soft === null) return { nll: hard.nll, dLogits: hard.dLogits! };
    return { nll: softLoss(hard.nll, logits, soft), dLogits: softGradient(hard.dLogits!, soft) };
  });
  const losses = nll.dataSync() as Float32Array;
  nll.dispose();
  return { losses, dLogits };
}

/** Returns loss and class of each record. `logits` computes [records, classes] for a batch. */
export function evaluateInBatches(
  records: readonly ClassifierRecord[],
  logits: (batch: readonly ClassifierRecord[]) => Tensor,
): Evaluated {
  const losses = new Float32Array(records.length);
  const predicted = new Int32Array(records.length);
  for (let start = 0; start < records.length; start += BATCH) {
    const batch = records.slice(start, start + BATCH);
    tf.tidy(() => {
      const ofBatch = logits(batch);
      const { nll } = softmaxCrossEntropy(ofBatch, labelsOf(batch), false);
      const soft = softTargets(batch, ofBatch.shape[1]!);
      losses.set((soft === null ? nll : softLoss(nll, ofBatch, soft)).dataSync(), start);
      predicted.set(tf.argMax(ofBatch, 1).dataSync(), start);
    });
  }
  return { losses, predicted };
}

function labelsOf(records: readonly ClassifierRecord[]): Int32Array {
  return Int32Array.from(records, ({ label }) => label);
}
