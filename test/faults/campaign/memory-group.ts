import { access, mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the kernel limits the memory of a group of processes: version 1 of control groups, and version 2. */
const VERSIONS = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', limit: 'memory.max' },
];

export type MemoryGroup = { add: (pid: number) => Promise<void>; remove: () => Promise<void> };

/**
 * A control group whose processes together get no more than `bytes`; null where this user or kernel
 * may make none.
 */
export async function createMemoryGroup(params: {
  name: string;
  bytes: number;
}): Promise<MemoryGroup | null> {
  for (const { root, limit } of VERSIONS) {
    const folder = join(root, params.name);
    try {
      await access(join(root, 'cgroup.procs'));
      await mkdir(folder);
    } catch {
      continue;
    }
    try {
      await writeFile(join(folder, limit), String(params.bytes));
      return {
        add: (pid) => writeFile(join(folder, 'cgroup.procs'), String(pid)),
        remove: () => rmdir(folder),
      };
    } catch {
      await rmdir(folder);
    }
  }
  return null;
}
