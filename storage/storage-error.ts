import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Turns a file system error into one that says where it occurred and what to do. Other errors
 * are returned unchanged.
 */
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
        'Nothing half-written was kept. Free space there, or use another store, then run again.',
      cause: error,
    });
  return new DpsynthError({
    type: ErrorType.StorageUnavailable,
    message:
      `Could not ${doing} ${path} (${code}). Check that the store exists and is writable, then run ` +
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
