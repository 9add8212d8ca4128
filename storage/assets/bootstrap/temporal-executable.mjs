import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';

/** The release of Temporal's command line tool, which holds the server and its UI. */
export const TEMPORAL_VERSION = 'v1.5.1';

/** Where the set-up puts the server that it downloaded or built. */
export function cachedTemporalPath() {
  return join(cacheFolder(), 'temporal', TEMPORAL_VERSION, 'temporal');
}

export function findTemporalExecutable() {
  return findOnPath('temporal') ?? [cachedTemporalPath()].find(isExecutableFile);
}

export function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutableFile);
}

function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
