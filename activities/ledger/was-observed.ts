import type { DpStage } from '../../schemas/budget.ts';
import type { LedgerEntry } from '../../schemas/ledger.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createLocalActivity } from './local-activity.ts';

/** What a stage leaves in the private area once it has made anything of the records: the beginnings of the keys. */
function tracesOf(run: string): Record<DpStage, readonly string[]> {
  const { checkpoints, adapter, finetuneDiagnostics, selected, selectionSummary, scoresOf } = runLayout(run);
  return {
    finetune: [`${checkpoints.key}/`, adapter.private.key, finetuneDiagnostics.key],
    select: [selected.key, selectionSummary.key],
    // Row and predictions, also those of a share of the records.
    'classify-real-dp': [scoresOf('real-dp').stem.key],
  };
}

/**
 * Whether a stage of a run may have shown what its mechanism made: a checkpoint, an adapter, a score, or a worker that computes or
 * died over it. Then it is charged though it failed. In doubt it was: traces of an earlier training under the same name count as well.
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

/** The same of all its stages that spend budget. */
export async function wasAnyObserved(params: { store: ArtifactStore; run: string }): Promise<boolean> {
  const observed = Object.keys(tracesOf(params.run)).map((stage) => wasObserved({ ...params, stage }));
  return (await Promise.all(observed)).includes(true);
}
