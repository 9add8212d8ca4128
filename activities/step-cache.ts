import { z } from 'zod';
import { type ArtifactRef, artifactRefSchema } from '../schemas/artifact.ts';
import type { CacheMode } from '../schemas/experiment.ts';
import { jobCostSchema } from '../schemas/jobs.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { Made } from './step.ts';

/** No run can have this name: `@` is not allowed in one. */
const FOLDER = 'step-cache@1';

/** In this process: who computes a result that others wait for. */
const inFlight = new Map<string, Promise<unknown>>();

/**
 * The result of a step under its key: that of an earlier run where there is one and its artifacts are still what they
 * were (then with `cachedFrom`), else what `make` gives, which is kept for later runs. Steps of this process with the
 * same key wait for one another. A result of a DP mechanism that is taken from here is the same release under the same name;
 * whether a ledger has paid for it is for the ledger to say.
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
  // Those who wait look again whatever came of it.
  const settled = made.catch(() => {}).finally(() => inFlight.delete(place));
  inFlight.set(place, settled);
  return made;
}

function cachePath({ kind, key }: { kind: string; key: string }) {
  return { area: 'private', key: `${FOLDER}/${kind}/${key}.json` } as const;
}

/** The result under a key whose artifacts are still what they were, or undefined. */
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

/** Every artifact that a result names. */
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
