import { setImmediate } from 'node:timers/promises';
import type { LanguageModel } from '../language-model/language-model.ts';
import { recordLosses } from '../language-model/record-losses.ts';
import type { EncodedRecord } from './encode-records.ts';
import { cutMicroBatches } from './micro-batches.ts';

const BATCH = 16;

/**
 * Returns the mean loss of the target tokens of all records under the model, in nats per token, and their
 * number. Every token has the same weight. The loss is NaN without tokens. Throws the reason of `signal` once
 * it is aborted.
 */
export async function meanLoss(params: {
  model: LanguageModel;
  records: readonly EncodedRecord[];
  onProgress: (done: number) => void;
  signal: AbortSignal;
}): Promise<{ nats: number; tokens: number }> {
  const { model, records, onProgress, signal } = params;
  const longest = records.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  let sum = 0;
  let done = 0;
  for (const batch of cutMicroBatches(records, { microBatch: BATCH, longest })) {
    signal.throwIfAborted();
    for (const loss of recordLosses({ model, records: batch })) sum += loss;
    done += batch.length;
    onProgress(done);
    // Tensor operations block the event loop, so other tasks run between batches.
    await setImmediate();
  }
  const tokens = records.reduce((all, { ids, prefixLength }) => all + ids.length - prefixLength, 0);
  return { nats: sum / tokens, tokens };
}
