import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Puts a file system error into words that say where and what to do. Other errors pass as they are. */
export async function storageError(params: {
  error: unknown;
  path: string;
  doing: string;
}): Promise<unknown> {
  const { error, path, doing } = params;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof DpsynthError || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return error;
  if (FULL.has(code))
    return new DpsynthError({
      type: ErrorType.StorageFull,
      message:
        `No room to ${doing} ${path} (${code}; ${await freeSpace(path)}). ` +
        'Nothing half-written was kept. Free space there, or give another store, then run again.',
      cause: error,
    });
  return new DpsynthError({
    type: ErrorType.StorageUnavailable,
    message:
      `Could not ${doing} ${path} (${code}). Check that the store is there and may be written, then run ` +
      'again.',
    cause: error,
  });
}

async function freeSpace(path: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    return `${(Number(bavail * bsize) / 2 ** 20).toFixed(1)} MiB free`;
  } catch {
    return 'free space unknown';
  }
}
