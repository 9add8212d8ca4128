import { tf } from '../tensor/tensorflow.ts';
import { finalHidden, padBatch, promptLength, runBlocks } from './forward.ts';
import type { LanguageModel } from './language-model.ts';
import { outputLoss } from './output-loss.ts';

/**
 * Returns the negative log-likelihood of each record in nats, summed over its tokens after `prefixLength`; 0
 * for a record without any. The records form one batch.
 */
export function recordLosses(params: {
  model: LanguageModel;
  records: readonly { ids: readonly number[]; prefixLength: number }[];
}): number[] {
  const { model, records } = params;
  const sums = records.map(() => 0);
  const targets: number[] = [];
  const rows: number[] = [];
  const owners: number[] = [];
  const batch = padBatch(records.map(({ ids }) => ids));
  const before = promptLength(model);
  records.forEach(({ ids, prefixLength }, owner) => {
    for (let place = prefixLength; place < ids.length; place++) {
      targets.push(ids[place]);
      rows.push(owner * (before + batch.tokens) + before + place - 1);
      owners.push(owner);
    }
  });
  if (targets.length === 0) return sums;
  tf.tidy(() => {
    const normed = finalHidden(model, runBlocks(model, batch), tf.tensor1d(rows, 'int32'));
    const { nll } = outputLoss({ hidden: normed, model, targets: Int32Array.from(targets) });
    nll.forEach((value, i) => {
      sums[owners[i]] += value;
    });
  });
  return sums;
}
