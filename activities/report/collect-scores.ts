import type { ReportInput } from '../../schemas/activities.ts';
import { heldOutLossSchema } from '../../schemas/evaluations/held-out.ts';
import { type Amount, type ScoreRow, type Scores, scoreRowSchema } from '../../schemas/scores.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { collectDifferences } from './collect-differences.ts';

/** The result table: the rows that were made, and why the others were not; and what else was measured on the real test set. */
export async function collectScores(params: { store: ArtifactStore; input: ReportInput }): Promise<Scores> {
  const { store, input } = params;
  const scores: Scores = {
    labels: input.config.corpus.labels,
    testRecords: input.prepared.testRecords,
    confidence: input.config.evaluation.confidence,
    rows: [],
    missing: [],
  };
  for (const { source, row, why } of input.rows) {
    if (row === null) scores.missing.push({ source, why: why ?? 'not computed' });
    else scores.rows.push(await store.readJson(row, scoreRowSchema));
  }
  scores.differences = await collectDifferences({ store, input });
  if (input.amounts) {
    scores.amounts = { points: [], missing: [] };
    for (const { share, row, why } of input.amounts) {
      if (row === null) scores.amounts.missing.push({ share, why: why ?? 'not computed' });
      else scores.amounts.points.push(amountOf(share, await store.readJson(row, scoreRowSchema)));
    }
  }
  if (input.heldOut) {
    scores.heldOut = {
      tuned: await store.readJson(input.heldOut.tuned, heldOutLossSchema),
      untuned: await store.readJson(input.heldOut.untuned, heldOutLossSchema),
    };
  }
  return scores;
}

function amountOf(share: number, row: ScoreRow): Amount {
  const { trainingRecords, seeds, mean, deviation, intervals } = row;
  return { share, trainingRecords, seeds, mean, deviation, intervals };
}
