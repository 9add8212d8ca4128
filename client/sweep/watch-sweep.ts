import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { SWEEP_STATE_QUERY } from '../../schemas/names.ts';
import { type SweepState, sweepStateSchema } from '../../schemas/sweep-state.ts';
import { type ExperimentView, lookAtExperiment, QUERY_MS } from '../experiment/watch-experiment.ts';

/** What is known of a sweep at one moment: its cells, and the runs of those under way. */
export type SweepView = {
  status: string;
  /** null until a worker has first answered. */
  state: SweepState | null;
  /** By the name of the run. */
  running: Map<string, ExperimentView>;
};

/**
 * Calls `onView` about once a second until the sweep has ended, then once more with its last state. Gives the last view.
 * A worker or server that does not answer for a while is waited for, with the last known state kept.
 */
export async function watchSweep(params: {
  client: Client;
  handle: WorkflowHandle;
  onView: (view: SweepView) => void;
  /** @default 1000 */
  intervalMs?: number;
  signal?: AbortSignal;
}): Promise<SweepView> {
  const { client, handle, onView, intervalMs = 1000, signal } = params;
  let view = UNSEEN;
  while (!signal?.aborted) {
    view = await lookAtSweep(client, handle, view);
    onView(view);
    if (view.status !== 'RUNNING') break;
    await sleep(intervalMs, undefined, { signal }).catch(() => {});
  }
  return view;
}

const UNSEEN: SweepView = { status: 'RUNNING', state: null, running: new Map() };

/** One look at a sweep. What does not answer now is as it was at the last look. */
export async function lookAtSweep(
  client: Client,
  handle: WorkflowHandle,
  last: SweepView = UNSEEN,
): Promise<SweepView> {
  try {
    const { status } = await client.withDeadline(Date.now() + 5000, () => handle.describe());
    const state = (await queryState(client, handle)) ?? last.state;
    const running = new Map<string, ExperimentView>();
    for (const cell of state?.cells.filter((one) => one.status === 'running') ?? [])
      running.set(
        cell.run,
        await lookAtExperiment(client, client.workflow.getHandle(cell.run), last.running.get(cell.run)),
      );
    return { status: status.name, state, running };
  } catch {
    return last;
  }
}

async function queryState(client: Client, handle: WorkflowHandle): Promise<SweepState | null> {
  try {
    const answer = await client.withDeadline(Date.now() + QUERY_MS, () => handle.query(SWEEP_STATE_QUERY));
    return sweepStateSchema.parse(answer);
  } catch {
    // No worker holds the workflow right now: it is starting, restarting or away.
    return null;
  }
}
