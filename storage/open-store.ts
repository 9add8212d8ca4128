import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { invalidConfig } from '../schemas/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { createFileStore } from './file-store.ts';
import { parseS3Uri } from './s3/s3-location.ts';

/**
 * Opens the artifact store of a URI (`file:///...`, or `s3://...` as `parseS3Uri` reads it) or of a path.
 * Throws InvalidConfig for a scheme that is not known.
 */
export async function openStore(uri: string): Promise<ArtifactStore> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1].toLowerCase();
  if (scheme === undefined) return createFileStore({ root: uri });
  if (scheme === 'file') return createFileStore({ root: fileURLToPath(uri) });
  if (scheme === 's3') {
    // The SDK takes a part of a second to load.
    const { createS3Store } = await import('./s3/s3-store.ts');
    return createS3Store(parseS3Uri(uri));
  }
  throw invalidConfig(
    `The store ${uri} cannot be opened: ${scheme}:// is not known. Use file:///a/folder or ` +
      's3://bucket/prefix.',
  );
}

/** Where a process keeps its state: DPSYNTH_HOME, else `.dpsynth` in the current folder. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.DPSYNTH_HOME || '.dpsynth');
}

/** The store of a process: DPSYNTH_STORE, else `artifacts` in the home folder. */
export function storeUri(env: NodeJS.ProcessEnv): string {
  return env.DPSYNTH_STORE || pathToFileURL(resolve(homeFolder(env), 'artifacts')).href;
}
