import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { sha256OfFile } from './digest.ts';
import { storageError } from './storage-error.ts';

export type Body = Uint8Array | string | AsyncIterable<Uint8Array | string>;

const TEMPORARY = /^\..+\.tmp$/;

/** True for the name of a file that is still being written, or that a killed writer left. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Writes a file whole or not at all: a new file beside it, fsync, one atomic step to its name, fsync of
 * the folder. Without `replace`, a name that exists keeps its bytes: the same bytes are accepted,
 * others refused (ArtifactCorrupt).
 * Throws StorageFull or StorageUnavailable; then nothing is left behind.
 */
export async function atomicWrite(params: {
  path: string;
  body: Body;
  replace?: boolean;
  fileMode: number;
  folderMode: number;
}): Promise<{ sha256: string; bytes: number }> {
  const { path, body, fileMode, folderMode } = params;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: folderMode });
    const written = await writeDurably({ path: temporary, body, mode: fileMode });
    if (params.replace) await rename(temporary, path);
    else await claim({ temporary, path, sha256: written.sha256 });
    await syncFolder(folder);
    return written;
  } catch (error) {
    throw await storageError({ error, path, doing: 'write' });
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

async function writeDurably(params: { path: string; body: Body; mode: number }) {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(params.path, 'wx', params.mode);
  try {
    for await (const chunk of chunks(params.body)) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      await writeFully(file, data);
      hash.update(data);
      bytes += data.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** A write near the end of the room may take a part of the data; the next one then says why. */
async function writeFully(file: FileHandle, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length; ) at += (await file.write(data, at)).bytesWritten;
}

async function* chunks(body: Body): AsyncIterable<Uint8Array | string> {
  if (typeof body === 'string' || body instanceof Uint8Array) yield body;
  else yield* body;
}

/** Unlike a rename, a link fails where the name is taken, so that of two writers one is told. */
async function claim(params: { temporary: string; path: string; sha256: string }): Promise<void> {
  try {
    await link(params.temporary, params.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if ((await sha256OfFile(params.path)) === params.sha256) return;
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message:
        `${params.path} already holds other bytes. Artifacts are immutable: start a new run under ` +
        'another name.',
    });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
