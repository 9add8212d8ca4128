import { openRunSecret } from '../../activities/run-secret.ts';
import { bindRunKey, type RunKey } from '../../engine/privacy/run-key.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * Returns the key of one fine-tuning. The run's secret is made on first use and kept until the run is
 * released, so that every attempt uses the same draws and noise. The key also depends on `training`,
 * the digest of everything that determines the gradients, so that another training of the same run
 * uses different ones.
 */
export async function openRunKey(params: {
  store: ArtifactStore;
  run: string;
  training: string;
}): Promise<RunKey> {
  return bindRunKey(await openRunSecret(params), params.training);
}
