import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Area } from '../schemas/artifact.ts';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { artifactPath } from './artifact-path.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { atomicWrite, isTemporary } from './atomic-write.ts';
import { createStore } from './create-store.ts';
import { sha256OfFile } from './digest.ts';
import { newestByFolder } from './newest-by-folder.ts';
import { readWhole } from './read-whole.ts';
import { storageError } from './storage-error.ts';

const MODES = {
  private: { fileMode: 0o600, folderMode: 0o700 },
  release: { fileMode: 0o644, folderMode: 0o755 },
} as const;

/**
 * An artifact store on a disk: `<root>/private/<run>/...`, for its owner's eyes only, and
 * `<root>/release/<run>/...`.
 */
export function createFileStore(params: { root: string }): ArtifactStore {
  const root = resolve(params.root);

  return createStore({
    uri: pathToFileURL(root).href,

    async write({ area, key, body, replace }) {
      const path = artifactPath({ root, area, key });
      await makeArea({ root, area });
      const written = await atomicWrite({ path, body, replace, ...MODES[area] });
      return { uri: pathToFileURL(path).href, ...written };
    },

    async readUri(uri) {
      const path = insideStore({ root, uri });
      if (path !== null) return readIfThere(path);
      throw new DpsynthError({
        type: ErrorType.StorageUnavailable,
        message: `${uri} is not in the store ${root}. Use the store that the run was started with.`,
      });
    },

    async measureUri(uri) {
      const path = insideStore({ root, uri });
      if (path === null) return null;
      try {
        return { bytes: (await stat(path)).size, sha256: await sha256OfFile(path) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw await storageError({ error, path, doing: 'read' });
      }
    },

    async readKey({ area, key }) {
      return readIfThere(artifactPath({ root, area, key }));
    },

    async list({ area, key }) {
      const top = artifactPath({ root, area, key: key.replace(/\/$/, '') });
      try {
        const found = await readdir(top, { recursive: true, withFileTypes: true });
        return found
          .filter((entry) => entry.isFile() && !isTemporary(entry.name))
          .map((entry) => relative(join(root, area), join(entry.parentPath, entry.name)).split(sep).join('/'))
          .sort();
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw await storageError({ error, path: top, doing: 'list' });
      }
    },

    async remove({ area, key }) {
      const path = artifactPath({ root, area, key });
      try {
        await rm(path, { recursive: true, force: true });
      } catch (error) {
        throw await storageError({ error, path, doing: 'remove' });
      }
    },

    async folders({ area }) {
      const path = join(root, area);
      try {
        return newestByFolder(await filesWithTimes(path));
      } catch (error) {
        throw await storageError({ error, path, doing: 'list' });
      }
    },
  });
}

/** Every file of an area, with the time at which it was written. What is removed meanwhile is left out. */
async function filesWithTimes(area: string): Promise<{ key: string; at: Date }[]> {
  const entries = await unlessGone(() => readdir(area, { recursive: true, withFileTypes: true }), []);
  const files = entries.filter((entry) => entry.isFile() && !isTemporary(entry.name));
  const found = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    const at = await unlessGone(async () => (await stat(path)).mtime, null);
    return at === null ? [] : [{ key: relative(area, path).split(sep).join('/'), at }];
  });
  return (await Promise.all(found)).flat();
}

async function unlessGone<T>(look: () => Promise<T>, gone: T): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return gone;
    throw error;
  }
}

/** Made apart from the folders below it, so that the area is closed to others before anything is in it. */
async function makeArea(params: { root: string; area: Area }): Promise<void> {
  const path = join(params.root, params.area);
  const mode = MODES[params.area].folderMode;
  try {
    if ((await mkdir(path, { recursive: true, mode })) !== undefined) await chmod(path, mode);
  } catch (error) {
    throw await storageError({ error, path, doing: 'make' });
  }
}

function insideStore({ root, uri }: { root: string; uri: string }): string | null {
  const path = uri.startsWith('file:') ? fileURLToPath(uri) : '';
  const inside = ['private', 'release'].some((area) => path.startsWith(`${join(root, area)}${sep}`));
  return inside ? path : null;
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readWhole(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw await storageError({ error, path, doing: 'read' });
  }
}
