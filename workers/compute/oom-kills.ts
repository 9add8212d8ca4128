import { readFile } from 'node:fs/promises';

/**
 * Returns how many processes the kernel has killed for lack of memory: in this control group if there is one
 * (cgroup v2), else on this machine. null if the kernel does not report it. Only the difference between two
 * readings is meaningful.
 */
export async function oomKills(): Promise<number | null> {
  const group = /^0::(.+)$/m.exec(await text('/proc/self/cgroup'))?.[1];
  const events =
    group === undefined ? '' : await text(`/sys/fs/cgroup${group === '/' ? '' : group}/memory.events`);
  const found = /^oom_kill (\d+)$/m.exec(events) ?? /^oom_kill (\d+)$/m.exec(await text('/proc/vmstat'));
  return found === null ? null : Number(found[1]);
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
