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
 * Downloads one file of a pinned repository to `path`. If an earlier attempt left the beginning of the file
 * there, only the rest is requested. Returns its SHA-256. If the content is not what the hub lists, removes
 * the file and throws ArtifactCorrupt.
 */
export async function downloadHubFile(params: {
  name: HubName;
  file: HubFile;
  path: string;
  /** Called with the bytes of this file downloaded so far. */
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
    // The server ended the response early without an error.
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
  // Uses plain HTTP, because the hub's chunked protocol (Xet) cannot resume a partial file.
  const blob = await downloadFile({
    repo: repository,
    path: file.path,
    revision,
    xet: false,
    ...hubAccess(),
  });
  if (blob === null) throw new Error(`${file.path} is listed but missing`);
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
 * Returns the SHA-256 of a file if its content is the listed one, else undefined. Leaves the mark of
 * `verifyFile`, so that the file is read only once.
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
