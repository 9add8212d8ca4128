import type { Classified } from '../../../schemas/evaluations/classify.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
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
  const places = runLayout(run).scoresOf(row.source, share);
  const { truth, runs } = params.predictions;
  const predictions: Predictions = {
    truth: [...truth],
    runs: runs.map(({ seed, predicted }) => ({ seed, predicted: [...predicted] })),
  };
  return {
    // real-dp draws fresh noise when it is tried again: other bytes.
    predictions: await context.store.putJson({ ...places.predictions, value: predictions, replace: true }),
    row: await context.store.putJson({ ...places.row, value: row, indented: true, replace: true }),
  };
}
