import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/** The guard kills a server that does not exit within 5 s. A server without a guard is killed here. */
const PATIENCE_MS = 8_000;
const KILLED_MS = 5_000;

/**
 * Stops the Temporal server that a killed process left on this database, and waits until it has released the
 * file, because a second server on it would hang. Only the holder of the home's lease may call this.
 * Throws TemporalUnavailable if the server cannot be stopped.
 */
export async function endAbandonedServer(database: string): Promise<void> {
  if (await signalled(database, 'SIGTERM', PATIENCE_MS)) return;
  if (await signalled(database, 'SIGKILL', KILLED_MS)) return;
  const left = (await serversOf(database)).join(', ');
  throw new DpsynthError({
    type: ErrorType.TemporalUnavailable,
    message: `A Temporal server of an earlier run (process ${left}) still uses ${database} and could not be stopped. Stop that process, or use another --home.`,
  });
}

/** Signals the servers of the database. Returns whether all have exited in time. */
async function signalled(database: string, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  const sent = new Set<number>();
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    const left = await serversOf(database);
    if (left.length === 0) return true;
    for (const pid of left.filter((one) => !sent.has(one))) {
      sent.add(pid);
      send(pid, signal);
    }
  }
  return false;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just exited, or it belongs to another user: then it stays, and the error names it.
  }
}

/** Process ids of the servers on the database, and of their guards. */
async function serversOf(database: string): Promise<number[]> {
  const found = process.platform === 'linux' ? await linuxProcesses() : await otherProcesses();
  return found
    .filter(
      ({ command }) =>
        command.includes(`server start-dev `) && command.includes(`--db-filename ${database} `),
    )
    .map(({ pid }) => pid);
}

type Process = { pid: number; command: string };

/** From /proc, because slim images have no ps. */
async function linuxProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      // A process that has exited meanwhile or is a zombie has no command line.
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid: Number(pid), command: command.replaceAll('\0', ' ') };
    }),
  );
}

async function otherProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,args='], { maxBuffer: 2 ** 26 });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+) (.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), command: `${match[2]} ` }] : [];
  });
}
