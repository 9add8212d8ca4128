import { z } from 'zod';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import { type LabelledText, labelledTextSchema } from '../../schemas/records.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import { type ScoreSource, type Scores, scoresSchema } from '../../schemas/scores.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

export type Outcome = {
  /**
   * null if no scores are public and the private ones are left out, or the store cannot be read from here.
   */
  scores: Scores | null;
  /** Rows that must not be shared: computed from private records outside the mechanism. */
  internal: ScoreSource[];
  /** The synthetic corpus. */
  records: LabelledText[] | null;
  /**
   * Public numbers of records: n of the privacy statement, and the size of the test set. null if the store
   * cannot be read.
   */
  counts: { training: number | null; test: number | null };
  /** Whether scores or texts were left out. */
  isCut: boolean;
};

const statementSchema = z.looseObject({ mechanism: z.looseObject({ records: z.int() }) });

/**
 * Reads the scores and synthetic records of a finished run: with `withPrivate` all of them if the store can
 * be read, otherwise those that may be published. The corpus of a run without privacy may not be published:
 * it is as private as the records that the model learned from.
 */
export async function readOutcome(params: {
  result: ExperimentResult;
  store: ArtifactStore;
  withPrivate: boolean;
}): Promise<Outcome> {
  const { result, store, withPrivate } = params;
  const { published } = result;
  const all = await readScores(params).catch(() => null);
  const scores = withPrivate ? (all ?? published) : published;
  const shared = published?.rows.map(({ source }) => source) ?? [];
  const isReleased = typeof result.training?.epsilon === 'number';
  return {
    scores,
    internal: (scores?.rows ?? []).map(({ source }) => source).filter((source) => !shared.includes(source)),
    records: withPrivate || isReleased ? await readRecords(params) : null,
    counts: {
      training: await readTrainingRecords({ result, store }),
      test: (all ?? published)?.testRecords ?? null,
    },
    isCut: !withPrivate && (!isReleased || all?.rows.length !== shared.length),
  };
}

async function readScores({ result, store }: { result: ExperimentResult; store: ArtifactStore }) {
  return store.readJson(result.scores, scoresSchema);
}

/** Reads n from the released privacy statement. */
async function readTrainingRecords(params: {
  result: ExperimentResult;
  store: ArtifactStore;
}): Promise<number | null> {
  const { result, store } = params;
  const { statement } = runLayout(result.run);
  const stated = await store.findKeyJson(statement, statementSchema).catch(() => null);
  return stated?.mechanism.records ?? null;
}

async function readRecords(params: {
  result: ExperimentResult;
  store: ArtifactStore;
}): Promise<LabelledText[] | null> {
  const { result, store } = params;
  return store
    .read(result.synthetic)
    .then(parseRecords)
    .catch(() => null);
}

function parseRecords(bytes: Buffer): LabelledText[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => labelledTextSchema.parse(JSON.parse(line)));
}
