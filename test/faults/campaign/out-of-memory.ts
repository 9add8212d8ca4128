import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { oomKills } from '../../../workers/compute/oom-kills.ts';
import { startRun } from './campaign-runs.ts';
import { startCluster } from './cluster.ts';
import { COMPUTE_CHILD, markedProcesses } from './marked-processes.ts';
import { createMemoryGroup } from './memory-group.ts';
import { EXPERIMENT } from './settings.ts';
import type { Tally } from './tally.ts';

/** Less than the weights of the model take. */
const BYTES = 400e6;

/**
 * The kernel kills the fine-tuning for memory: its process is put into a control group that has too little.
 * The next attempt has half the micro-batch, and all the memory.
 */
export async function outOfMemory(params: { folder: string; mark: string; tally: Tally }): Promise<void> {
  const { folder, mark, tally } = params;
  const group = await createMemoryGroup({ name: mark, bytes: BYTES });
  const before = await oomKills();
  if (group === null || before === null) {
    tally.notRun.push('out of memory: this user may make no control group with a limit');
    await group?.remove();
    return;
  }
  try {
    const storeUri = pathToFileURL(join(folder, 'store')).href;
    const cluster = await startCluster({ folder, storeUri, mark });
    try {
      const started = await startRun(cluster, 'no-memory', EXPERIMENT);
      const isTraining = async () =>
        (await cluster.client.workflow.getHandle('no-memory').describe()).raw.pendingActivities?.some(
          ({ activityType }) => activityType?.name === 'finetune',
        );
      while (!started.isOver() && !(await isTraining())) await sleep(20);
      let pid: number | undefined;
      while (!started.isOver() && pid === undefined) {
        await sleep(10);
        [pid] = await markedProcesses(mark, COMPUTE_CHILD);
      }
      if (pid !== undefined) await group.add(pid);
      while (!started.isOver() && (await oomKills()) === before) await sleep(50);
      tally.fault('the fine-tuning of no-memory killed by the kernel for its memory');
      await tally.disturbed(cluster, started, ['experiment']);
      await tally.charges(cluster, ['no-memory']);
    } finally {
      tally.orphans(await cluster.stop());
    }
  } finally {
    await group.remove();
  }
}
