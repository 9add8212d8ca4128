import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSafetensors } from '../../../engine/language-model/safetensors.ts';
import { manifestSchema } from '../../../schemas/artifact.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { sha256 } from '../../../storage/digest.ts';

/** What a run has released, without what says when and where it was made (report and card). */
export type Release = { digests: Record<string, string>; adapter: number[] };

/** Most that adapters may differ by, relative: sums in another order after the micro-batch was halved. */
const ROUNDING = 1e-6;

/**
 * Throws an Error where the run has committed no release, or where one of its files is not as
 * its manifest says.
 */
export async function releaseOf(store: ArtifactStore, run: string): Promise<Release> {
  const bytes = await store.readKey({ area: 'release', key: `${run}/manifest.json` });
  if (bytes === null) throw new Error(`${run} has no release`);
  const { outputs } = manifestSchema.parse(JSON.parse(String(bytes)));
  for (const [name, ref] of Object.entries(outputs))
    if (!(await store.holds(ref))) throw new Error(`${name} of ${run} is damaged`);
  const { report: _r, card: _c, adapter, statement, ...same } = outputs;
  const digests = Object.entries(same).map(([name, { sha256 }]) => [name, sha256]);
  // The rest of it tells what the ledger has charged by then, and the adapter, which may differ by rounding.
  const { mechanism, ran } = JSON.parse(String(await store.read(statement)));
  const stated = JSON.stringify([mechanism, ran.stepsDone, ran.cachedFrom]);
  return {
    digests: Object.fromEntries([...digests, ['statement', sha256(stated)]]),
    adapter: await adapterNumbers(await store.read(adapter)),
  };
}

/** Null where they are the same release, else what differs. */
export function difference(expected: Release, found: Release): string | null {
  const names = new Set([...Object.keys(expected.digests), ...Object.keys(found.digests)]);
  const differing = [...names].filter((name) => expected.digests[name] !== found.digests[name]);
  const distance = relativeDistance(found.adapter, expected.adapter);
  if (!(distance <= ROUNDING)) differing.push(`adapter (by ${distance.toExponential(1)})`);
  return differing.length === 0 ? null : `differs in ${differing.join(', ')}`;
}

/** Adapters have millions of numbers: too many for the arguments of one call. */
function relativeDistance(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [apart, length] = [0, 0];
  for (const [i, value] of expected.entries()) {
    apart += (found[i] - value) ** 2;
    length += value ** 2;
  }
  return Math.sqrt(apart / length);
}

async function adapterNumbers(bytes: Buffer): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dpsynth-adapter-'));
  try {
    const path = join(folder, 'adapter.safetensors');
    await writeFile(path, bytes);
    const file = await openSafetensors(path);
    const tensors = await Promise.all(file.names.sort().map((name) => file.read(name)));
    return tensors.flatMap(({ values }) => Array.from(values));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
