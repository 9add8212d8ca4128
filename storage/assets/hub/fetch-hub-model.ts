import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { publishFolder, withLock } from '../bootstrap/cache-folder.mjs';
import type { LocatedAsset } from '../located-asset.ts';
import { downloadHubFile } from './download-file.ts';
import { hubError } from './hub-access.ts';
import { type HubManifest, modelFolder, partialFolder, recordRevision, writeManifest } from './hub-cache.ts';
import { listModelFiles, resolveRevision } from './hub-listing.ts';
import { formatHubName, type HubName, isPinned, parseHubName } from './hub-name.ts';
import { locateHubModel } from './locate-hub-model.ts';

/**
 * Brings a model of the hub to this machine. A branch or tag is resolved to its commit first; the pinned name
 * is returned beside the files. A pinned model that is there and sound is not asked about: no network is
 * needed. A download that was cut goes on where it ended, in another process too; run twice at once, one
 * waits for the other.
 * Throws InvalidConfig (no such model, revision or file), AssetUnavailable (no access,
 * no network), ArtifactCorrupt.
 */
export async function fetchHubModel(params: {
  name: string;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}): Promise<LocatedAsset & { name: string }> {
  const asked = parseHubName(params.name);
  try {
    const pinned = await resolveRevision(asked);
    const name = formatHubName(pinned);
    const lock = `hub-${name.slice(4).replaceAll('/', '--')}`;
    const located = await withLock(lock, undefined, async () => {
      if (!(await isSound(name))) await download(pinned, params.onProgress);
      return locateHubModel(name);
    });
    if (!isPinned(asked)) await recordRevision(asked, pinned.revision);
    return { ...located, name };
  } catch (error) {
    throw hubError(asked, error);
  }
}

async function isSound(name: string): Promise<boolean> {
  try {
    await locateHubModel(name);
    return true;
  } catch (error) {
    const { ArtifactCorrupt, AssetUnavailable } = ErrorType;
    if (!(error instanceof DpsynthError)) throw error;
    if (error.type === ArtifactCorrupt || error.type === AssetUnavailable) return false;
    throw error;
  }
}

async function download(
  name: HubName,
  onProgress?: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  const files = await listModelFiles(name);
  const partial = partialFolder(name);
  const folder = modelFolder(name);
  // Of a model with a corrupt file the sound ones are kept: each is checked before more is asked for.
  if (!(await exchange(folder, partial))) await mkdir(partial, { recursive: true });

  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  const held: HubManifest['files'] = [];
  for (const file of files) {
    const path = basename(file.path);
    const sha256 = await downloadHubFile({
      name,
      file,
      path: join(partial, path),
      onProgress: (done) => onProgress?.(before + done, total),
    });
    before += file.bytes;
    held.push({ path, bytes: file.bytes, sha256 });
  }
  const { repository, revision: commit, file } = name;
  await writeManifest(partial, { repository, commit, file, files: held });
  await publishFolder(partial, folder);
}

/** Takes a published folder that is not sound back to the partial ones. False where there is none. */
async function exchange(folder: string, partial: string): Promise<boolean> {
  try {
    await rename(folder, partial);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    // A cut download is there as well: that one goes on.
    await rm(folder, { recursive: true, force: true });
    return true;
  }
}
