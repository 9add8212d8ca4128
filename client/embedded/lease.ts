import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

const leaseSchema = z.object({
  pid: z.int(),
  /** null while the holder is still starting. */
  server: z.object({ address: z.string(), uiUrl: z.string() }).nullable(),
});
type Lease = z.infer<typeof leaseSchema>;
export type RunningServer = NonNullable<Lease['server']>;

const START_MS = 60_000;

/**
 * Lets one process at a time serve a home. Returns the address of the process that already does, or takes the
 * lease. Replaces a holder that is dead, and waits for a holder that is starting.
 */
export async function acquireLease(
  file: string,
): Promise<
  | { running: RunningServer }
  | { publish: (server: RunningServer) => Promise<void>; release: () => Promise<void> }
> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(200)) {
    if (await create(file)) {
      return {
        publish: (server) => overwrite(file, { pid: process.pid, server }),
        release: () => rm(file, { force: true }),
      };
    }
    const lease = await read(file);
    const abandoned = lease === null ? await isOld(file) : !isAlive(lease.pid);
    if (abandoned) await remove(file, lease);
    else if (lease !== null && lease.server !== null) return { running: lease.server };
  }
  throw new DpsynthError({
    type: ErrorType.TemporalUnavailable,
    message: `Another dpsynth process holds ${file} but its server does not start. Stop that process, or use another --home.`,
  });
}

/** Returns the running server of a home, or null. */
export async function readLease(file: string): Promise<RunningServer | null> {
  const lease = await read(file);
  return lease !== null && isAlive(lease.pid) ? lease.server : null;
}

async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify({ pid: process.pid, server: null } satisfies Lease), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * If two processes take over an abandoned lease, the second finds the new lease of the first and
 * puts it back.
 */
async function remove(file: string, abandoned: Lease | null): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await read(aside);
  if (moved !== null && moved.pid !== abandoned?.pid) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function overwrite(file: string, lease: Lease): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, JSON.stringify(lease));
  await rename(next, file);
}

async function read(file: string): Promise<Lease | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return leaseSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** An unreadable lease is being written, unless it stays unreadable. */
async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > 5000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
