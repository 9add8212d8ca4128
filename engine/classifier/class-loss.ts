import { softmaxCrossEntropy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Evaluated } from './architecture.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { softGradient, softLoss, softTargets } from './soft-targets.ts';

const BATCH = 128;

/** Of training, where a text takes little memory: texts of like length share a micro-batch, so little of it is padding. */
export const SMALL_TEXTS_MICRO_BATCH = 32;

/**
 * Loss of logits [records, classes]: cross-entropy with each record's label, or with its probabilities, times its weight. And its gradient
 * with respect to the logits, weight times (softmax minus target): the caller's, to be freed.
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

/** Loss and class of each record by `logits` [records, classes] of a batch of them. */
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
