import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { cacheFolder } from '../bootstrap/cache-folder.mjs';
import { formatHubName, type HubName } from './hub-name.ts';

const manifestSchema = z.object({
  repository: z.string(),
  commit: z.string(),
  /** Path in the repository of a GGUF file; absent for a checkpoint. */
  file: z.string().optional(),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })).min(1),
});

/** What a fetched folder holds, with the digests that each use checks. Paths are names in that folder. */
export type HubManifest = z.infer<typeof manifestSchema>;

const MANIFEST = 'dpsynth-files.json';

function repositoryFolder(repository: string): string {
  return join(cacheFolder(), 'hub', repository);
}

/**
 * Where a fetched model lies; `name` is pinned. A checkpoint and each GGUF file of a commit have
 * their own folder.
 */
export function modelFolder({ repository, revision, file }: HubName): string {
  return join(repositoryFolder(repository), revision, file?.replaceAll('/', '--') ?? 'checkpoint');
}

/**
 * Where a download that was cut waits for the next try. Beside the model's folder, so that one
 * rename publishes it.
 */
export function partialFolder(name: HubName): string {
  return `${modelFolder(name)}.partial`;
}

export async function writeManifest(folder: string, manifest: HubManifest): Promise<void> {
  await replaceFile(join(folder, MANIFEST), JSON.stringify(manifest, null, 1));
}

/** undefined where nothing was fetched there. Throws ArtifactCorrupt for a damaged manifest. */
export async function readManifest(folder: string): Promise<HubManifest | undefined> {
  const path = join(folder, MANIFEST);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${path} is damaged. Fetch the model again: dpsynth assets fetch`;
    throw new DpsynthError({ type: ErrorType.ArtifactCorrupt, message, cause });
  }
}

/** Remembers which commit a branch or tag was when it was fetched. */
export async function recordRevision(name: HubName, commit: string): Promise<void> {
  await replaceFile(revisionPath(name), `${commit}\n`);
}

/**
 * The commit that a branch or tag was when it was fetched last, without asking the hub; undefined where
 * it never was.
 */
export async function recordedRevision(name: HubName): Promise<string | undefined> {
  return (await readFile(revisionPath(name), 'utf8').catch(() => undefined))?.trim();
}

function revisionPath({ repository, revision }: HubName): string {
  return join(repositoryFolder(repository), 'revisions', encodeURIComponent(revision));
}

/** The fetched models, by their pinned names, in alphabetical order. */
export async function fetchedHubModels(): Promise<{ name: string; bytes: number }[]> {
  const root = join(cacheFolder(), 'hub');
  const entries = await readdir(root, { recursive: true }).catch(() => []);
  const found = entries.filter((entry) => entry.endsWith(`/${MANIFEST}`) && !entry.includes('.partial/'));
  const models = found.map(async (entry) => {
    const manifest = await readManifest(join(root, entry, '..')).catch(() => undefined);
    if (manifest === undefined) return [];
    const { repository, commit, file, files } = manifest;
    const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    return [{ name: formatHubName({ repository, file, revision: commit }), bytes }];
  });
  return (await Promise.all(models)).flat().sort((a, b) => a.name.localeCompare(b.name));
}

async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(fresh, text);
  await rename(fresh, path);
}
