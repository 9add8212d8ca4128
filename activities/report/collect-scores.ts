import type { ReportInput } from '../../schemas/activities.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import { heldOutLossSchema, type Scores, scoreRowSchema } from '../../schemas/scores.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** The result table: the rows that were made, and why the others were not. */
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
    else scores.rows.push(scoreRowSchema.parse(JSON.parse((await store.read(row)).toString('utf8'))));
  }
  if (input.heldOut) {
    const read = async (ref: ArtifactRef) =>
      heldOutLossSchema.parse(JSON.parse((await store.read(ref)).toString('utf8')));
    scores.heldOut = {
      tuned: await read(input.heldOut.tuned),
      untuned: await read(input.heldOut.untuned),
    };
  }
  return scores;
}
