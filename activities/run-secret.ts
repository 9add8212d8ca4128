import { newRunKey, type RunKey, runKeyFromBytes, runKeyToBytes } from '../engine/privacy/run-key.ts';
import { runLayout } from '../schemas/run-layout.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

/**
 * Returns the secret of a run, which is made on first use and kept until the run is released. A run that
 * starts over after that gets another one.
 */
export async function openRunSecret({ store, run }: { store: ArtifactStore; run: string }): Promise<RunKey> {
  const path = runLayout(run).runKey;
  const stored = await store.readKey(path);
  if (stored !== null) return runKeyFromBytes(stored);
  const key = newRunKey();
  await store.put({ ...path, body: runKeyToBytes(key), mediaType: 'application/octet-stream' });
  return key;
}
