import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { Catalog } from './catalog.ts';
import { CATALOG } from './catalog.ts';
import { isHubName } from './hub/hub-name.ts';
import { locateHubModel } from './hub/locate-hub-model.ts';
import { assetFilePath, assetFolder, catalogAsset } from './local-asset.ts';
import type { LocatedAsset } from './located-asset.ts';
import { verifyFile } from './verify-file.ts';

/**
 * Finds the local files of a catalog name (`smollm2-135m`), of a pinned model of the hub
 * (`hub:OWNER/NAME@COMMIT`), or of a path to a file or folder. Fetches nothing. Files of the catalog and
 * of the hub are checked against their size and digest; one that did not change since its last check is
 * not read again.
 * Throws AssetUnavailable where an asset was not fetched, InvalidConfig where a path leads nowhere or a
 * revision can move, ArtifactCorrupt where the content is not the pinned one.
 */
export async function locateAsset(params: { asset: string; catalog?: Catalog }): Promise<LocatedAsset> {
  const { asset: name, catalog = CATALOG } = params;
  if (isHubName(name)) return locateHubModel(name);
  const asset = catalogAsset(name, catalog);
  if (!asset) return locatePath(name, catalog);

  const folder = assetFolder(name, asset);
  const remedy = `Fetch it again: dpsynth assets fetch ${name}`;
  const files: Record<string, string> = {};
  for (const file of asset.files) {
    const path = assetFilePath(folder, file);
    if (!existsSync(path)) {
      throw unavailable(
        `${name} is not on this machine (no ${path}). Fetch it: dpsynth assets fetch ${name}`,
      );
    }
    await verifyFile({ path, bytes: file.bytes, sha256: file.sha256, remedy });
    files[basename(path)] = path;
  }
  const [main] = asset.files;
  return { path: assetFilePath(folder, main), folder, files, sha256: main.sha256, mediaType: main.mediaType };
}

async function locatePath(name: string, catalog: Catalog): Promise<LocatedAsset> {
  const path = resolve(name);
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    const known = Object.keys(catalog).join(', ');
    // Not AssetUnavailable: that is tried again, and a path that was misspelt will not appear.
    throw invalidConfig(`${name} is neither in the catalog (${known}) nor a file or folder (no ${path}).`);
  }
  if (found.isDirectory()) return { path, folder: path, files: {} };
  return { path, folder: dirname(path), files: { [basename(path)]: path } };
}

function unavailable(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.AssetUnavailable, message });
}
