import { readFile } from 'node:fs/promises';

/**
 * How many processes the kernel has killed for memory: in this control group where there is one (cgroup v2), else on
 * this machine. null where the kernel does not say. Only the difference of two readings means anything.
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
