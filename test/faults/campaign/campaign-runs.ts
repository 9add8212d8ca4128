import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { startExperiment } from '../../../client/experiment/start-experiment.ts';
import { startSweep } from '../../../client/sweep/start-sweep.ts';
import type { ExperimentInput } from '../../../schemas/experiment.ts';
import type { SweepInput } from '../../../schemas/sweep/sweep.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import type { Cluster } from './cluster.ts';

/** One secret for all runs and stores of a campaign: only then are their draws and noise the same. */
const KEY = randomBytes(32);
const ASK_MS = 1000;

/** Something under way, and the runs whose releases are to be there when it has ended. */
export type Started = { id: string; runs: string[]; ended: () => Promise<string>; isOver: () => boolean };

export async function startRun(cluster: Cluster, id: string, config: ExperimentInput): Promise<Started> {
  await shareKey(cluster.store, id);
  const { handle } = await startExperiment({ client: cluster.client, config, id });
  return follow(handle, [id]);
}

/** The variants of the sweep are the runs `<id>-<variant>`. */
export async function startRuns(cluster: Cluster, id: string, config: SweepInput): Promise<Started> {
  const runs = config.variants!.map(({ name }) => `${id}-${name}`);
  for (const run of runs) await shareKey(cluster.store, run);
  const { handle } = await startSweep({ client: cluster.client, config, id });
  return follow(handle, runs);
}

async function shareKey(store: ArtifactStore, run: string): Promise<void> {
  for (const key of ['store@1/secret.key', `${run}/run.key`])
    await store.put({ area: 'private', key, body: KEY, mediaType: 'application/octet-stream' });
}

function follow(handle: WorkflowHandle, runs: string[]): Started {
  let status = 'RUNNING';
  const ended = (async () => {
    while (status === 'RUNNING') {
      await sleep(ASK_MS);
      // While the server is down nobody answers.
      status = await handle.describe().then(
        (found) => found.status.name,
        () => 'RUNNING',
      );
    }
    return status;
  })();
  return { id: handle.workflowId, runs, ended: () => ended, isOver: () => status !== 'RUNNING' };
}
