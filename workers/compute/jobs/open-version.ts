import { nextVersion } from '../../../engine/data/next-version.ts';
import { separateTestSet } from '../../../engine/data/separate-test-set.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { readCorpus } from '../../../storage/assets/read-corpus.ts';
import { readTestSource } from '../../../storage/assets/read-test-source.ts';
import { publishedVersions } from '../../../storage/published-versions.ts';
import { listVersions, openVersion, readVersion } from '../../../storage/version-records.ts';
import type { JobContext } from '../job-context.ts';

/**
 * Opens the next version of a release: marks its records as used, in the private area of the store. A tick
 * that asks again gets the version that it already opened. Returns only whether there is a version, or why
 * not: no number of records is returned. Throws InvalidData for an unusable corpus, AssetUnavailable if the
 * source is missing.
 */
export async function runOpenVersion(
  job: JobOf<'open-version'>,
  { store }: JobContext,
): Promise<JobResult<'open-version'>> {
  const { corpus, release, mode, tick, seed, expectedBatchSize } = job;
  const bytes = await readCorpus({ source: corpus.source });
  const testBytes = await readTestSource(corpus);
  const { records, test } = separateTestSet({ bytes, testBytes, corpus });
  for (;;) {
    const versions = await listVersions({ store, release });
    const last = versions.at(-1);
    if (last && !last.isVoid && (await readVersion({ store, release, ...last })).tick === tick)
      return { version: last.version };
    const used = mode === 'full' ? new Set<string>() : await usedUnits({ store, release, versions });
    const next = nextVersion({
      mode,
      records,
      published: await publishedContent({ store, release }),
      isUsed: (unit) => used.has(unit),
      testFraction: test === null ? corpus.testFraction : null,
      seed,
      expectedBatchSize,
    });
    if (typeof next === 'string') return { version: null, reason: next };
    const version = (last?.version ?? 0) + 1;
    if (await openVersion({ store, release, version, record: { tick, ...next } })) return { version };
  }
}

async function usedUnits(params: {
  store: ArtifactStore;
  release: string;
  versions: { version: number; isVoid: boolean }[];
}): Promise<Set<string>> {
  const used = new Set<string>();
  for (const { version, isVoid } of params.versions)
    if (!isVoid) for (const unit of (await readVersion({ ...params, version })).units) used.add(unit);
  return used;
}

async function publishedContent(params: { store: ArtifactStore; release: string }): Promise<string | null> {
  const last = (await publishedVersions(params)).at(-1);
  return last === undefined ? null : (await readVersion({ ...params, version: last.version })).content;
}
