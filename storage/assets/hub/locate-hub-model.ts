import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import type { LocatedAsset } from '../located-asset.ts';
import { verifyFile } from '../verify-file.ts';
import { modelFolder, readManifest, recordedRevision } from './hub-cache.ts';
import { formatHubName, isHubName, isPinned, parseHubName } from './hub-name.ts';

/**
 * Finds the local files of a pinned model of the hub, and checks them as they were when fetched. Asks nobody.
 * Throws InvalidConfig for a branch or tag, AssetUnavailable where it was not fetched, ArtifactCorrupt.
 */
export async function locateHubModel(shown: string): Promise<LocatedAsset> {
  const name = parseHubName(shown);
  if (!isPinned(name)) {
    const commit = await recordedRevision(name);
    const known = commit === undefined ? 'its commit after the @' : 'the commit that was fetched here';
    throw invalidConfig(
      `${shown} names ${name.revision}, which moves: two workers could read different models. Write ` +
        `${known}: ${formatHubName({ ...name, revision: commit ?? 'COMMIT' })}. dpsynth assets fetch ` +
        `${shown} says the present one.`,
    );
  }
  const remedy = `Fetch it again: dpsynth assets fetch ${shown}`;
  const folder = modelFolder(name);
  const manifest = await readManifest(folder);
  if (manifest === undefined)
    throw unavailable(`${shown} is not on this machine. Fetch it: dpsynth assets fetch ${shown}`);
  const files: Record<string, string> = {};
  for (const { path: base, bytes, sha256 } of manifest.files) {
    const path = join(folder, base);
    if (!existsSync(path)) throw unavailable(`${shown} lacks ${base} on this machine. ${remedy}`);
    await verifyFile({ path, bytes, sha256, remedy });
    files[base] = path;
  }
  if (name.file === undefined) return { path: folder, folder, files };
  const [{ sha256 }] = manifest.files;
  return { path: join(folder, basename(name.file)), folder, files, sha256, mediaType: 'application/x-gguf' };
}

/**
 * The name to write into a config: a branch or tag of the hub becomes the commit that was fetched here.
 * Other names stay.
 * Throws InvalidConfig for a branch or tag that was not fetched here.
 */
export async function pinHubName(name: string): Promise<string> {
  if (!isHubName(name)) return name;
  const parsed = parseHubName(name);
  if (isPinned(parsed)) return name;
  const commit = await recordedRevision(parsed);
  if (commit === undefined)
    throw invalidConfig(
      `${name} was not fetched here, so its commit is not known. Fetch it: dpsynth assets fetch ` +
        `${name}; or write the commit after the @.`,
    );
  return formatHubName({ ...parsed, revision: commit });
}

function unavailable(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.AssetUnavailable, message });
}
