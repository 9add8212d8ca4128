import { readdir, readFile } from 'node:fs/promises';

const NAME = 'DPSYNTH_CAMPAIGN';
export const COMPUTE_CHILD = 'workers/compute/main.ts';

/**
 * An environment whose processes, and the children of those, are found again by the mark, whoever their
 * parent is by then.
 */
export function markedEnvironment(mark: string): NodeJS.ProcessEnv {
  return { ...process.env, [NAME]: mark };
}

/**
 * The living processes of a mark, or of one that begins with it and a dash, whose command
 * line holds `script`.
 */
export async function markedProcesses(mark: string, script = ''): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await text(`/proc/${pid}/environ`);
      if (!environment.split('\0').some((entry) => `${entry}-`.startsWith(`${NAME}=${mark}-`))) return [];
      return (await text(`/proc/${pid}/cmdline`)).includes(script) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** kill -9 of one of them; false where there is none any more. */
export function killFirst([pid]: number[]): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** kill -9 of all of them. */
export async function endMarked(mark: string): Promise<void> {
  for (const pid of await markedProcesses(mark)) killFirst([pid]);
}

/** Empty for a process that has just ended, and for what is of another user. */
async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
