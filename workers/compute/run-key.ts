import { newRunKey, type RunKey, runKeyFromBytes, runKeyToBytes } from '../../engine/privacy/run-key.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** Where a run's secret is kept until the run is released. */
export const runKeyPath = (run: string) => ({ area: 'private', key: `${run}/run.key` }) as const;

/** The run's key, made on first use: every attempt of the run draws and noises alike. */
export async function openRunKey(params: { store: ArtifactStore; run: string }): Promise<RunKey> {
  const { store, run } = params;
  const stored = await store.readKey(runKeyPath(run));
  if (stored !== null) return runKeyFromBytes(stored);
  const key = newRunKey();
  await store.put({ ...runKeyPath(run), body: runKeyToBytes(key), mediaType: 'application/octet-stream' });
  return key;
}
