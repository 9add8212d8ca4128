import { chmod } from 'node:fs/promises';
import type { Home } from './home.ts';

/** Beside the database SQLite keeps what is not written into it yet. */
const PARTS = ['', '-wal', '-shm', '-journal'];

/**
 * Closes a home and the database in it to all but their owner, also those that earlier versions have left open: the database holds
 * settings, results and errors of all runs. What belongs to somebody else stays as it is.
 */
export async function closeToOthers({ folder, database }: Pick<Home, 'folder' | 'database'>): Promise<void> {
  await close(folder, 0o700);
  for (const part of PARTS) await close(`${database}${part}`, 0o600);
}

async function close(path: string, mode: number): Promise<void> {
  try {
    await chmod(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EPERM') throw error;
  }
}
