import { bindRunKey, runKeyToBytes } from '../../engine/privacy/run-key.ts';
import type { DpStage } from '../../schemas/budget.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { sha256 } from '../../storage/digest.ts';
import { jobKey } from '../job-key.ts';
import { openRunSecret } from '../run-secret.ts';

/**
 * Names what a DP stage is about to release: the run, the stage, what decides the result, and the run's secret, from which its noise
 * comes. A retry, a reset or a sweep that goes on has them all alike, so it is charged once. A run of another name, and one that
 * begins anew after its release, when the secret was destroyed, makes other noise: it is charged again.
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
