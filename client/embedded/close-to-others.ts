import { chmod } from 'node:fs/promises';
import type { Home } from './home.ts';

/** SQLite keeps changes that are not yet in the database in files beside it. */
const PARTS = ['', '-wal', '-shm', '-journal'];

/**
 * Removes the access of other users to a home and its database, also if an earlier version left them open:
 * the database contains settings, results and errors of all runs. Files of another user stay as they are.
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
