import type { Classified } from '../../../schemas/evaluations/classify.ts';
import type { Predictions, ScoreRow } from '../../../schemas/scores.ts';
import type { JobContext } from '../job-context.ts';

/** Writes a row of the result table and its predictions. They were computed on the real test set, hence private. */
export async function putScoreRow(params: {
  context: JobContext;
  run: string;
  row: ScoreRow;
  /** Of the texts that it was trained on, where not on all. */
  share?: number;
  predictions: { truth: Int32Array; runs: { seed: number; predicted: Int32Array }[] };
}): Promise<Classified> {
  const { context, run, row, share } = params;
  const name = `${run}/scores/${row.source}${share === undefined ? '' : `-${share}`}`;
  const { truth, runs } = params.predictions;
  const predictions: Predictions = {
    truth: [...truth],
    runs: runs.map(({ seed, predicted }) => ({ seed, predicted: [...predicted] })),
  };
  const kept = await context.store.put({
    area: 'private',
    key: `${name}.predictions.json`,
    body: `${JSON.stringify(predictions)}\n`,
    mediaType: 'application/json',
    // real-dp draws fresh noise when it is tried again: other bytes.
    replace: true,
  });
  const ref = await context.store.put({
    area: 'private',
    key: `${name}.json`,
    body: `${JSON.stringify(row, null, 2)}\n`,
    mediaType: 'application/json',
    replace: true,
  });
  return {
    row: ref,
    predictions: kept,
  };
}
