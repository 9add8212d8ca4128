import { z } from 'zod';
import { type ArtifactRef, artifactRefSchema } from '../schemas/artifact.ts';
import type { CacheMode } from '../schemas/experiment.ts';
import { jobCostSchema } from '../schemas/jobs.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { Made } from './step.ts';

/** No run can have this name, because `@` is not allowed in names of runs. */
const FOLDER = 'step-cache@1';

/** Results that this process is computing, for which other steps may wait. */
const inFlight = new Map<string, Promise<unknown>>();

/**
 * Returns the result of a step under its key. It is the result of an earlier run, with `cachedFrom`, if its
 * artifacts are unchanged. Otherwise it is what `make` returns, which is stored for later runs. Steps of this
 * process with the same key wait for one another. A cached result of a DP mechanism is the same release under
 * the same name. The ledger decides whether it has been charged.
 */
export async function throughCache<Output extends { cachedFrom?: string }>(params: {
  store: ArtifactStore;
  kind: string;
  key: string;
  mode: CacheMode;
  run: string;
  output: z.ZodType<Output>;
  make: () => Promise<Made<Output>>;
  signal: AbortSignal;
}): Promise<Made<Output>> {
  const { store, kind, key, mode, run, make, signal } = params;
  if (mode === 'off') return make();
  const path = cachePath({ kind, key });
  const place = `${store.uri} ${path.key}`;
  while (mode === 'use') {
    const found = await findCached(params);
    if (found !== undefined) return found;
    const other = inFlight.get(place);
    if (other === undefined) break;
    await Promise.race([other, aborted(signal)]);
    if (signal.aborted) return make();
  }
  const made = make().then(async ({ output, cost }) => {
    await store.putJson({ ...path, value: { run, output, cost }, replace: true });
    return { output, cost };
  });
  // Waiting steps look again, whether it succeeded or failed.
  const settled = made.catch(() => {}).finally(() => inFlight.delete(place));
  inFlight.set(place, settled);
  return made;
}

function cachePath({ kind, key }: { kind: string; key: string }) {
  return { area: 'private', key: `${FOLDER}/${kind}/${key}.json` } as const;
}

/** Returns the result under a key if its artifacts are unchanged, else undefined. */
export async function findCached<Output extends { cachedFrom?: string }>(params: {
  store: ArtifactStore;
  kind: string;
  key: string;
  run: string;
  output: z.ZodType<Output>;
}): Promise<Made<Output> | undefined> {
  const { store, run } = params;
  const entrySchema = z.object({ run: z.string(), output: params.output, cost: jobCostSchema.optional() });
  const entry = await store.findKeyJson(cachePath(params), entrySchema);
  if (entry === null) return undefined;
  const { output, cost, run: maker } = entry;
  for (const ref of refsIn(output)) if (!(await store.holds(ref))) return undefined;
  return { output: maker === run ? output : { ...output, cachedFrom: maker }, cost };
}

/** Returns every artifact that a result names. */
function refsIn(value: unknown): ArtifactRef[] {
  const ref = artifactRefSchema.safeParse(value);
  if (ref.success) return [ref.data];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(refsIn) : [];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
