import { keptCost } from '../../activities/step.ts';
import { manifestSchema } from '../../schemas/artifact.ts';
import { experimentSchema } from '../../schemas/experiment.ts';
import type { JobCost } from '../../schemas/jobs.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import { type ScoreRow, type ScoreSource, type Scores, scoresSchema } from '../../schemas/scores.ts';
import type { ClassifierConfig } from '../../schemas/settings/classifier.ts';
import type { SweepCell } from '../../schemas/sweep/sweep-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

export type ComparedRow = Pick<ScoreRow, 'source' | 'mean' | 'intervals'>;

/** A cell with the scores of its run: all of them, or only the public ones. */
export type ComparedCell = SweepCell & {
  rows: ComparedRow[];
  /**
   * Rows that must not be shared: computed from private records outside the mechanism, or on a
   * private test set.
   */
  internal: ScoreSource[];
  /** Rows that could not be computed, and why. Empty without private scores. */
  missing: Scores['missing'];
  heldOut?: Scores['heldOut'];
  /** The kind of its classifier; absent if the store cannot be read. */
  classifier?: ClassifierConfig['kind'];
  /**
   * The cost of its training, which depends on private records; absent without private scores or if the store
   * cannot be read.
   */
  cost?: JobCost;
};

/**
 * Returns the cells of a sweep with their scores: with `withPrivate` all scores if the private area of the
 * store can be read, otherwise the published ones.
 */
export async function readComparison(params: {
  cells: readonly SweepCell[];
  store: ArtifactStore;
  withPrivate: boolean;
}): Promise<ComparedCell[]> {
  const { cells, store, withPrivate } = params;
  return Promise.all(
    cells.map(async (cell) => {
      const classifier = await readKind(cell, store);
      if (!withPrivate) return { ...cell, rows: cell.published ?? [], internal: [], missing: [], classifier };
      const shared = cell.published?.map(({ source }) => source) ?? [];
      const all = await readScores(cell, store).catch(() => null);
      const rows = all?.rows.map(compared) ?? cell.published ?? [];
      const internal = rows.map(({ source }) => source).filter((source) => !shared.includes(source));
      return {
        ...cell,
        rows,
        internal,
        missing: all?.missing ?? [],
        heldOut: all?.heldOut,
        classifier,
        cost: await keptCost({ store, run: cell.run, name: 'finetune' }).catch(() => undefined),
      };
    }),
  );
}

async function readScores(cell: SweepCell, store: ArtifactStore): Promise<Scores | null> {
  if (cell.scores === null) return null;
  return store.readJson(cell.scores, scoresSchema);
}

/** Reads the kind of the classifier from the manifest of a finished run. */
async function readKind(
  { run }: SweepCell,
  store: ArtifactStore,
): Promise<ClassifierConfig['kind'] | undefined> {
  const manifest = await store.findKeyJson(runLayout(run).manifest.private, manifestSchema).catch(() => null);
  return experimentSchema.safeParse(manifest?.config).data?.classifier.kind;
}

function compared({ source, mean, intervals }: ScoreRow): ComparedRow {
  return { source, mean, intervals };
}
