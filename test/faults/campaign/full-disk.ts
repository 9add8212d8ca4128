import { execFileSync } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startRun } from './campaign-runs.ts';
import { startCluster } from './cluster.ts';
import { EXPERIMENT } from './settings.ts';
import type { Tally } from './tally.ts';

const FULL_MS = 8000;

/**
 * The disk of the store is full for some seconds in the middle of a run. It is a file system of its own:
 * mounting one takes root. Its release is held against that of the undisturbed experiment on another disk.
 */
export async function fullDisk(params: { folder: string; mark: string; tally: Tally }): Promise<void> {
  const { folder, mark, tally } = params;
  if (process.getuid?.() !== 0 || process.platform !== 'linux') {
    tally.notRun.push('full disk: mounting one takes root on Linux');
    return;
  }
  const disk = join(folder, 'disk');
  await mkdir(disk, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
  try {
    const storeUri = pathToFileURL(join(disk, 'store')).href;
    const cluster = await startCluster({ folder, storeUri, mark });
    try {
      const started = await startRun(cluster, 'full-disk', EXPERIMENT);
      const checkpoints = { area: 'private', key: 'full-disk/checkpoints' } as const;
      while (!started.isOver() && (await cluster.store.list(checkpoints)).length === 0) await sleep(20);
      await fill(disk);
      tally.fault(`the disk of the store full for ${FULL_MS / 1000} s, after a checkpoint of full-disk`);
      await sleep(FULL_MS);
      await rm(join(disk, 'filler'));
      await tally.disturbed(cluster, started, ['experiment']);
      await tally.charges(cluster, ['full-disk']);
    } finally {
      tally.orphans(await cluster.stop());
    }
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

/** Takes all the room that there is, to the last byte. */
async function fill(disk: string): Promise<void> {
  const file = await open(join(disk, 'filler'), 'w');
  try {
    for (let { bavail, bsize } = await statfs(disk); bavail > 0; { bavail, bsize } = await statfs(disk))
      await file.appendFile(Buffer.alloc(bsize));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
