import { softmaxCrossEntropy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Evaluated } from './architecture.ts';
import type { ClassifierRecord } from './classifier-record.ts';

const BATCH = 128;

/** Of training, where a text takes little memory: texts of like length share a micro-batch, so little of it is padding. */
export const SMALL_TEXTS_MICRO_BATCH = 32;

/**
 * Cross-entropy of logits [records, classes] with each record's label, and its gradient by the logits, softmax minus
 * one-hot: the caller's, to be freed.
 */
export function classLoss(
  logits: Tensor,
  records: readonly ClassifierRecord[],
): { losses: Float32Array; dLogits: Tensor } {
  const { nll, dLogits } = softmaxCrossEntropy(logits, labelsOf(records), true);
  const losses = nll.dataSync() as Float32Array;
  nll.dispose();
  return { losses, dLogits: dLogits! };
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
      losses.set(softmaxCrossEntropy(ofBatch, labelsOf(batch), false).nll.dataSync(), start);
      predicted.set(tf.argMax(ofBatch, 1).dataSync(), start);
    });
  }
  return { losses, predicted };
}

function labelsOf(records: readonly ClassifierRecord[]): Int32Array {
  return Int32Array.from(records, ({ label }) => label);
}
