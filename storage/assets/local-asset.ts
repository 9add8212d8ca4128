import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder } from './bootstrap/cache-folder.mjs';
import type { AssetFile, Catalog, CatalogAsset } from './catalog.ts';
import { CATALOG } from './catalog.ts';

/** Returns an asset of the catalog, or undefined for an unknown name. */
export function catalogAsset(name: string, catalog: Catalog = CATALOG): CatalogAsset | undefined {
  return Object.hasOwn(catalog, name) ? catalog[name] : undefined;
}

/** Returns the folder of a fetched asset. The digest in the path separates versions of the catalog. */
export function assetFolder(name: string, asset: CatalogAsset): string {
  return join(cacheFolder(), 'assets', name, asset.wheel.sha256.slice(0, 12));
}

/** A file of an asset keeps only its base name: `model.safetensors`, not its path in the wheel. */
export function assetFilePath(folder: string, file: AssetFile): string {
  return join(folder, basename(file.member));
}

/** Returns whether all files of an asset exist. Their content is not checked. */
export function isFetched(name: string, asset: CatalogAsset): boolean {
  const folder = assetFolder(name, asset);
  return asset.files.every((file) => existsSync(assetFilePath(folder, file)));
}
