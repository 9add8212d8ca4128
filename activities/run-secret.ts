import { newRunKey, type RunKey, runKeyFromBytes, runKeyToBytes } from '../engine/privacy/run-key.ts';
import { runLayout } from '../schemas/run-layout.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

/** The secret of a run: made on first use, and kept until the run is released. A run that begins anew after that has another one. */
export async function openRunSecret({ store, run }: { store: ArtifactStore; run: string }): Promise<RunKey> {
  const path = runLayout(run).runKey;
  const stored = await store.readKey(path);
  if (stored !== null) return runKeyFromBytes(stored);
  const key = newRunKey();
  await store.put({ ...path, body: runKeyToBytes(key), mediaType: 'application/octet-stream' });
  return key;
}
