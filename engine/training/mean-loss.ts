import { setImmediate } from 'node:timers/promises';
import type { LanguageModel } from '../language-model/language-model.ts';
import { recordLosses } from '../language-model/record-losses.ts';
import type { EncodedRecord } from './encode-records.ts';
import { cutMicroBatches } from './micro-batches.ts';

const BATCH = 16;

/**
 * Mean loss of the target tokens of all records under the model, in nats a token, and their number. Each token weighs alike. NaN
 * without a token. Throws what `signal` holds once it is aborted.
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
    // Ops block the event loop: between batches others get their turn.
    await setImmediate();
  }
  const tokens = records.reduce((all, { ids, prefixLength }) => all + ids.length - prefixLength, 0);
  return { nats: sum / tokens, tokens };
}
