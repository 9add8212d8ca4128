import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { downloadFile } from '@huggingface/hub';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { storageError } from '../../storage-error.ts';
import { fileSha256, verifyFile } from '../verify-file.ts';
import { hubAccess, withRetries } from './hub-access.ts';
import type { HubFile } from './hub-listing.ts';
import { formatHubName, type HubName } from './hub-name.ts';

/**
 * Brings one file of a pinned repository to `path`, where an earlier try may have left its beginning: only
 * the rest is asked for. Returns its SHA-256. Throws ArtifactCorrupt, and removes the file, where its content
 * is not what the hub lists.
 */
export async function downloadHubFile(params: {
  name: HubName;
  file: HubFile;
  path: string;
  /** Told the bytes of this file that are there. */
  onProgress: (doneBytes: number) => void;
}): Promise<string> {
  const { name, file, path, onProgress } = params;
  let done = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (done >= file.bytes && (await soundSha256(path, file)) === undefined) {
    await rm(path, { force: true });
    done = 0;
  }
  onProgress(done);
  let furthest = done;
  const append = async () => {
    for await (const bytes of appendRest({ name, file, path, from: done })) {
      done += bytes;
      onProgress(done);
    }
    // A server that ends early and says nothing of it.
    if (done < file.bytes) throw new Error(`the connection ended at byte ${done} of ${file.bytes}`);
  };
  const progressed = () => {
    const further = done > furthest;
    furthest = done;
    return further;
  };
  if (done < file.bytes) await withRetries(append, progressed);
  const sha256 = await soundSha256(path, file);
  if (sha256 !== undefined) return sha256;
  await rm(path, { force: true });
  throw new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message:
      `${file.path} of ${formatHubName(name)} came with another content than the hub lists for it ` +
      `(${file.digest.kind} ${file.digest.hex}). Fetch it again.`,
  });
}

/** Appends what is missing, durably, and yields the size of each piece written. */
async function* appendRest(params: {
  name: HubName;
  file: HubFile;
  path: string;
  from: number;
}): AsyncGenerator<number> {
  const { name, file, path, from } = params;
  const { repository, revision } = name;
  // Over plain HTTP: the hub's chunked protocol (Xet) cannot go on in the middle of a file that
  // is half there.
  const blob = await downloadFile({
    repo: repository,
    path: file.path,
    revision,
    xet: false,
    ...hubAccess(),
  });
  if (blob === null) throw new Error(`${file.path} is listed but not there`);
  const output = await open(path, 'a').catch(asStorageError(path));
  try {
    for await (const chunk of blob.slice(from).stream()) {
      await output.appendFile(chunk).catch(asStorageError(path));
      yield chunk.length;
    }
    await output.sync();
  } finally {
    await output.close();
  }
}

function asStorageError(path: string): (error: unknown) => Promise<never> {
  return async (error) => {
    throw await storageError({ error, path, doing: 'write' });
  };
}

/**
 * The SHA-256 of a file whose content is the listed one, or undefined. Leaves the mark of `verifyFile`, so
 * that it is read once.
 */
async function soundSha256(path: string, { bytes, digest }: HubFile): Promise<string | undefined> {
  const sha256 = digest.kind === 'sha256' ? digest.hex : await fileSha256(path);
  if (digest.kind === 'git-sha1' && (await gitSha1(path, bytes)) !== digest.hex) return undefined;
  try {
    await verifyFile({ path, bytes, sha256, remedy: '' });
    return sha256;
  } catch (error) {
    if (error instanceof DpsynthError && error.type === ErrorType.ArtifactCorrupt) return undefined;
    throw error;
  }
}

/** Git names a file by the SHA-1 of its size and content. */
async function gitSha1(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${bytes}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
