import type { Classified } from '../../../schemas/evaluations/classify.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import type { Predictions, ScoreRow } from '../../../schemas/scores.ts';
import type { JobContext } from '../job-context.ts';

/**
 * Writes a row of the result table and its predictions. Both were computed on the real test set, so
 * they are private.
 */
export async function putScoreRow(params: {
  context: JobContext;
  run: string;
  row: ScoreRow;
  /** Share of the texts on which the row was trained, if not on all. */
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
    // A retry of real-dp draws fresh noise, so its bytes differ.
    predictions: await context.store.putJson({ ...places.predictions, value: predictions, replace: true }),
    row: await context.store.putJson({ ...places.row, value: row, indented: true, replace: true }),
  };
}
