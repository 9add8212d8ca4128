import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/**
 * Checks a file's size and SHA-256. A file that passed leaves a mark beside it, `<file>.verified`, with its
 * size and time of modification: while these stay the same it is not hashed again, so that a start does not
 * read 98 MB of weights twice.
 * Throws ArtifactCorrupt, whose message ends with `remedy`.
 */
export async function verifyFile(params: {
  path: string;
  bytes: number;
  sha256: string;
  remedy: string;
}): Promise<void> {
  const { path, bytes, sha256, remedy } = params;
  const found = await stat(path);
  if (found.size !== bytes) throw corrupt(path, `${found.size} bytes instead of ${bytes}`, remedy);
  const mark = `${sha256} ${found.size} ${found.mtimeMs}\n`;
  const markPath = `${path}.verified`;
  if ((await readFile(markPath, 'utf8').catch(() => undefined)) === mark) return;
  if ((await fileSha256(path)) !== sha256) throw corrupt(path, 'another SHA-256 than its pin', remedy);
  await writeMark(markPath, mark);
}

/** SHA-256 of a file, as lower-case hex. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The mark saves time only: a cache that cannot be written to still serves its files. */
async function writeMark(path: string, mark: string): Promise<void> {
  const fresh = `${path}.${process.pid}`;
  try {
    await writeFile(fresh, mark);
    await rename(fresh, path);
  } catch {
    return;
  }
}

function corrupt(path: string, what: string, remedy: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.ArtifactCorrupt, message: `${path} has ${what}. ${remedy}` });
}
