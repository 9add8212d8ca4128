import { z } from 'zod';
import { DpsynthError, ErrorType, invalidConfig } from '../schemas/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { putOnce } from './put-once.ts';

/** No run can have this name: `@` is not allowed in one. */
const FOLDER = 'resynthesis@1';
const VOID = '.void';

/**
 * The records that a version of a release uses, by their digests. Written before anything is trained on them.
 */
export const versionRecordSchema = z.strictObject({
  tick: z.string(),
  content: z.string().describe('Digest of the whole corpus as it was'),
  units: z.array(z.string()),
});
export type VersionRecord = z.infer<typeof versionRecordSchema>;

type Version = { store: ArtifactStore; release: string; version: number };

/**
 * The versions of a release that were opened, in their order. What a void one had marked is not used: nothing
 * came of it.
 */
export async function listVersions(params: {
  store: ArtifactStore;
  release: string;
}): Promise<{ version: number; isVoid: boolean }[]> {
  const { store, release } = params;
  const keys = await store.list({ area: 'private', key: `${FOLDER}/${release}` });
  return keys
    .filter((key) => key.endsWith('.json'))
    .map((key) => ({
      version: Number(/(\d+)\.json$/.exec(key)?.[1]),
      isVoid: keys.includes(key.replace(/\.json$/, VOID)),
    }));
}

/** Throws ArtifactCorrupt where the record cannot be read: records that it marks could be used twice. */
export async function readVersion({ store, release, version }: Version): Promise<VersionRecord> {
  const key = keyOf({ release, version });
  const bytes = await store.readKey({ area: 'private', key });
  try {
    return versionRecordSchema.parse(JSON.parse(String(bytes)));
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message:
        `private/${key} is no record of a version. Bring it back; no further version of ${release} is ` +
        'made until then.',
      cause,
    });
  }
}

/** False where another tick has taken this number: look anew. Writing the same again is no change. */
export async function openVersion(params: Version & { record: VersionRecord }): Promise<boolean> {
  const { store, record } = params;
  return putOnce({ store, area: 'private', key: keyOf(params), record });
}

/** Gives the records of a version back. For good: it cannot be prepared any more. */
export async function voidVersion({ store, ...version }: Version): Promise<void> {
  const key = keyOf(version).replace(/\.json$/, VOID);
  await store.put({ area: 'private', key, body: 'Nothing was observed.\n', mediaType: 'text/plain' });
}

/**
 * The digests of the records of a version, by its name, such as `weekly/3`. Throws InvalidConfig where its
 * records were given back.
 */
export async function readPart(store: ArtifactStore, part: string): Promise<ReadonlySet<string>> {
  const [release, number] = part.split('/');
  const version = Number(number);
  const found = (await listVersions({ store, release })).find((one) => one.version === version);
  if (found === undefined || found.isVoid)
    throw invalidConfig(
      `corpus.part ${part} is no version that is open. Leave it out: the workflow resynthesis sets it.`,
    );
  return new Set((await readVersion({ store, release, version })).units);
}

/** Names sort by number. */
function keyOf({ release, version }: Omit<Version, 'store'>): string {
  return `${FOLDER}/${release}/${String(version).padStart(8, '0')}.json`;
}
