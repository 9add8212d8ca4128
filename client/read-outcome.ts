import type { ExperimentResult } from '../schemas/experiment-state.ts';
import { type LabelledText, labelledTextSchema } from '../schemas/records.ts';
import { type ScoreSource, type Scores, scoresSchema } from '../schemas/scores.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

export type Outcome = {
  /** null where there are no public scores and the store cannot be read from here. */
  scores: Scores | null;
  /** Rows that are not to be shared: computed from private records outside the mechanism. */
  internal: ScoreSource[];
  records: LabelledText[] | null;
};

/** Scores and synthetic records of a finished run, all rows where the store can be read, else the public ones. */
export async function readOutcome(params: {
  result: ExperimentResult;
  store: ArtifactStore;
}): Promise<Outcome> {
  const { result, store } = params;
  const scores = (await readScores(params).catch(() => null)) ?? result.published;
  const shared = result.published?.rows.map(({ source }) => source) ?? [];
  const rows = scores?.rows.map(({ source }) => source) ?? [];
  const records = await store
    .read(result.synthetic)
    .then(parseRecords)
    .catch(() => null);
  return { scores, internal: rows.filter((source) => !shared.includes(source)), records };
}

async function readScores(params: { result: ExperimentResult; store: ArtifactStore }): Promise<Scores> {
  return scoresSchema.parse(JSON.parse((await params.store.read(params.result.scores)).toString('utf8')));
}

function parseRecords(bytes: Buffer): LabelledText[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => labelledTextSchema.parse(JSON.parse(line)));
}
