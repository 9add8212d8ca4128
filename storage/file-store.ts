import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Area, ArtifactRef } from '../schemas/artifact.ts';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { artifactPath } from './artifact-path.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { atomicWrite, isTemporary } from './atomic-write.ts';
import { sha256, sha256OfFile } from './digest.ts';
import { manifestArtifact } from './manifest-artifact.ts';
import { readWhole } from './read-whole.ts';
import { storageError } from './storage-error.ts';

const MODES = {
  private: { fileMode: 0o600, folderMode: 0o700 },
  release: { fileMode: 0o644, folderMode: 0o755 },
} as const;

/** An artifact store on a disk: `<root>/private/<run>/...`, for its owner's eyes only, and `<root>/release/<run>/...`. */
export function createFileStore(params: { root: string }): ArtifactStore {
  const root = resolve(params.root);

  const store: ArtifactStore = {
    uri: pathToFileURL(root).href,

    async put({ area, key, body, mediaType, rows, replace }) {
      const path = artifactPath({ root, area, key });
      await makeArea({ root, area });
      const { sha256, bytes } = await atomicWrite({ path, body, replace, ...MODES[area] });
      return {
        uri: pathToFileURL(path).href,
        sha256,
        bytes,
        mediaType,
        ...(rows === undefined ? {} : { rows }),
      };
    },

    async read(ref) {
      const path = pathOf({ root, ref });
      const bytes = await readIfThere(path);
      if (bytes === null)
        throw new DpsynthError({
          type: ErrorType.StorageUnavailable,
          message: `${path} is not there. Was the store moved or cleaned? Bring it back, or start a new run.`,
        });
      if (bytes.length !== ref.bytes || sha256(bytes) !== ref.sha256)
        throw new DpsynthError({
          type: ErrorType.ArtifactCorrupt,
          message: `${path} is not what was written (its SHA-256 differs from ${ref.sha256}). Start a new run.`,
        });
      return bytes;
    },

    async holds(ref) {
      const path = insideStore({ root, ref });
      if (path === null) return false;
      try {
        return (await stat(path)).size === ref.bytes && (await sha256OfFile(path)) === ref.sha256;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
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

    async commitManifest(manifest) {
      return store.put(manifestArtifact(manifest));
    },
  };
  return store;
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

function pathOf(params: { root: string; ref: ArtifactRef }): string {
  const { root, ref } = params;
  const path = insideStore(params);
  if (path !== null) return path;
  throw new DpsynthError({
    type: ErrorType.StorageUnavailable,
    message: `${ref.uri} is not in the store ${root}. Use the store that the run was started with.`,
  });
}

function insideStore(params: { root: string; ref: ArtifactRef }): string | null {
  const path = params.ref.uri.startsWith('file:') ? fileURLToPath(params.ref.uri) : '';
  const inside = ['private', 'release'].some((area) => path.startsWith(`${join(params.root, area)}${sep}`));
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
