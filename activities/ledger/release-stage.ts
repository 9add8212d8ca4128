import type { DpStage, DpStageInput } from '../../schemas/budget.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { assertPlanAllowed } from '../policy/assert-allowed.ts';
import { assertHeld } from './assert-reserved.ts';
import { spentBy, trainOf } from './dp-stage.ts';
import { ledgerOf, preparedOf } from './ledger-of.ts';
import { releaseName } from './release-name.ts';

/**
 * Runs the work of a DP stage under the name of its release, once the policy of the store allows it and its ledger, if there is one,
 * holds the budget: a worker looks for itself, whoever has started the stage.
 * Throws PolicyViolation or BudgetExceeded before anything is computed, then what the work throws.
 */
export async function releaseStage<T extends object>(params: {
  store: ArtifactStore;
  given: DpStageInput;
  job: ComputeJob;
  work: () => Promise<T>;
}): Promise<{ made: T; release: string }> {
  const { store, given, job, work } = params;
  const { run, config } = given.input;
  const { stage } = given;
  const { records } = await preparedOf({ store, run, config, train: trainOf(given) });
  const { parts, plan } = await spentBy(given, records);
  await assertPlanAllowed({ store, config, plan });
  const release = await releaseName({ store, run, stage, job });
  const of = await ledgerOf({ store, run, config });
  if (of !== null) await assertHeld({ store, of, release, parts, atLeast: 'reserved' });
  const made = await underWay({ store, run, stage, work });
  return { made, release };
}

/**
 * Marks a stage while it computes: whoever asks meanwhile whether it has shown anything is told that it may have. A worker that dies
 * leaves the mark: nobody knows what its stage has shown.
 */
async function underWay<T>(params: {
  store: ArtifactStore;
  run: string;
  stage: DpStage;
  work: () => Promise<T>;
}): Promise<T> {
  const { store, run, stage, work } = params;
  const mark = runLayout(run).underWay(stage);
  await store.put({ ...mark, body: '', mediaType: 'text/plain', replace: true });
  try {
    return await work();
  } finally {
    await store.remove(mark);
  }
}
