import type { DpStage } from '../../schemas/budget.ts';
import type { LedgerEntry } from '../../schemas/ledger.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createLocalActivity } from './local-activity.ts';
import { underWayKey } from './release-stage.ts';

/** What a stage leaves under `private/<run>/` once it has made anything of the records, by the beginning of its name. */
export const TRACES: Record<DpStage, readonly string[]> = {
  finetune: ['checkpoints/', 'adapter.'],
  select: ['selected.', 'selection.'],
  'classify-real-dp': ['scores/real-dp.'],
};

/**
 * Whether a stage of a run may have shown what its mechanism made: a checkpoint, an adapter, a score, or a worker that computes or
 * died over it. Then it is charged though it failed. In doubt it was: traces of an earlier training under the same name count as well.
 */
export function createWasObserved({ store }: ActivityDeps) {
  return createLocalActivity((params: Pick<LedgerEntry, 'run' | 'stage'>) =>
    wasObserved({ store, ...params }),
  );
}

async function wasObserved(params: { store: ArtifactStore; run: string; stage: string }): Promise<boolean> {
  const { store, run, stage } = params;
  if (!Object.hasOwn(TRACES, stage)) return true;
  const keys = await store.list({ area: 'private', key: run });
  if (keys.includes(underWayKey({ run, stage: stage as DpStage }).key)) return true;
  return TRACES[stage as DpStage].some((trace) => keys.some((key) => key.startsWith(`${run}/${trace}`)));
}

/** The same of all its stages that spend budget. */
export async function wasAnyObserved(params: { store: ArtifactStore; run: string }): Promise<boolean> {
  const observed = Object.keys(TRACES).map((stage) => wasObserved({ ...params, stage }));
  return (await Promise.all(observed)).includes(true);
}
