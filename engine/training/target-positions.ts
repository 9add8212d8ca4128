import type { TrainingConfig } from '../../schemas/settings/training.ts';
import type { EncodedRecord } from './encode-records.ts';

/** The target tokens of a micro-batch, record after record. All arrays are [targets]. */
export type TargetPositions = {
  /** Row of [records * tokens] whose hidden state predicts the target. */
  rows: Int32Array;
  ids: Int32Array;
  /** The record that the target belongs to. */
  owners: Int32Array;
  /** Weight of the target in the loss of its record. */
  weights: Float32Array;
  /** Number of targets of each record: [records]. */
  counts: number[];
};

/**
 * Finds the target tokens of records padded to `tokens`, after a soft prompt of `promptLength`. The loss is
 * normalised only within a record: by the number of its targets (`mean`), not at all (`sum`), or by the
 * public `maxTokens` (`constant`). A record's gradient therefore never depends on which other records were
 * drawn.
 */
export function targetPositions(params: {
  records: readonly EncodedRecord[];
  tokens: number;
  promptLength: number;
  lossNormalisation: TrainingConfig['lossNormalisation'];
  maxTokens: number;
}): TargetPositions {
  const { records, tokens, promptLength, lossNormalisation, maxTokens } = params;
  const rows: number[] = [];
  const ids: number[] = [];
  const owners: number[] = [];
  const weights: number[] = [];
  const counts = records.map((record) => Math.max(0, record.ids.length - record.prefixLength));
  records.forEach((record, owner) => {
    const weight = { mean: 1 / counts[owner], sum: 1, constant: 1 / maxTokens }[lossNormalisation];
    for (let position = record.prefixLength; position < record.ids.length; position++) {
      rows.push(owner * (promptLength + tokens) + promptLength + position - 1);
      ids.push(record.ids[position]);
      owners.push(owner);
      weights.push(weight);
    }
  });
  return {
    rows: Int32Array.from(rows),
    ids: Int32Array.from(ids),
    owners: Int32Array.from(owners),
    weights: Float32Array.from(weights),
    counts,
  };
}
