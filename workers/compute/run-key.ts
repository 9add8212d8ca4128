import { openRunSecret } from '../../activities/run-secret.ts';
import { bindRunKey, type RunKey } from '../../engine/privacy/run-key.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * The key of one fine-tuning. The run's secret is made on first use and kept until the run is released, so that every
 * attempt draws and noises alike; it is bound to `training`, the digest of all that decides the gradients, so that
 * another training of the same run does not.
 */
export async function openRunKey(params: {
  store: ArtifactStore;
  run: string;
  training: string;
}): Promise<RunKey> {
  return bindRunKey(await openRunSecret(params), params.training);
}
