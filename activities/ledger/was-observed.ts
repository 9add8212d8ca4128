import type { DpStage } from '../../schemas/budget.ts';
import type { LedgerEntry } from '../../schemas/ledger.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createLocalActivity } from './local-activity.ts';

/**
 * Prefixes of the keys that a stage leaves in the private area once it has computed anything
 * from the records.
 */
function tracesOf(run: string): Record<DpStage, readonly string[]> {
  const { checkpoints, adapter, finetuneDiagnostics, selected, selectionSummary, scoresOf } = runLayout(run);
  return {
    finetune: [`${checkpoints.key}/`, adapter.private.key, finetuneDiagnostics.key],
    select: [selected.key, selectionSummary.key],
    // The row and the predictions, including those of a share of the records.
    'classify-real-dp': [scoresOf('real-dp').stem.key],
  };
}

/**
 * Returns whether any output of a stage's mechanism may have been observed: a checkpoint, an adapter, a
 * score, or a worker that is computing the stage or died while it did. Such a stage is charged even if it
 * failed. In doubt the answer is true: traces of an earlier training under the same name count as well.
 */
export function createWasObserved({ store }: ActivityDeps) {
  return createLocalActivity((params: Pick<LedgerEntry, 'run' | 'stage'>) =>
    wasObserved({ store, ...params }),
  );
}

export async function wasObserved(params: {
  store: ArtifactStore;
  run: string;
  stage: string;
}): Promise<boolean> {
  const { store, run, stage } = params;
  const traces = tracesOf(run);
  if (!Object.hasOwn(traces, stage)) return true;
  const keys = await store.list({ area: 'private', key: run });
  if (keys.includes(runLayout(run).underWay(stage).key)) return true;
  return traces[stage as DpStage].some((trace) => keys.some((key) => key.startsWith(trace)));
}

/** Returns the same for all stages of the run that spend budget. */
export async function wasAnyObserved(params: { store: ArtifactStore; run: string }): Promise<boolean> {
  const observed = Object.keys(tracesOf(params.run)).map((stage) => wasObserved({ ...params, stage }));
  return (await Promise.all(observed)).includes(true);
}
