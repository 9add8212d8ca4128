import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * Destroys what could undo the protection of a finished run: with the run key, anyone can compute its batches and
 * its noise again; checkpoints hold states that were not released.
 */
export async function destroySecrets(params: { store: ArtifactStore; run: string }): Promise<void> {
  const { store, run } = params;
  const { runKey, checkpoints } = runLayout(run);
  await store.remove(runKey);
  await store.remove(checkpoints);
}
