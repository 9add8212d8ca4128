import { bindRunKey, runKeyToBytes } from '../../engine/privacy/run-key.ts';
import type { DpStage } from '../../schemas/budget.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { sha256 } from '../../storage/digest.ts';
import { jobKey } from '../job-key.ts';
import { openRunSecret } from '../run-secret.ts';

/**
 * Returns the name of what a DP stage is about to release. The name depends on the run, the stage, everything
 * that determines the result, and the run's secret, from which its noise comes. These are the same for a
 * retry, a reset or a resumed sweep, so each is charged once. A run of another name makes different noise and
 * is charged again. So is a run that starts over after its release, when its secret was destroyed.
 */
export async function releaseName(params: {
  store: ArtifactStore;
  run: string;
  stage: DpStage;
  job: ComputeJob;
}): Promise<string> {
  const { store, run, stage, job } = params;
  const secret = bindRunKey(await openRunSecret({ store, run }), 'ledger');
  const release = [run, stage, await jobKey({ job, version: 'ledger' }), sha256(runKeyToBytes(secret))];
  return sha256(JSON.stringify(release)).slice(0, 16);
}
