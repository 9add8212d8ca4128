import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { type ExperimentState, experimentStateSchema } from '../../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY } from '../../schemas/names.ts';
import { type PendingActivity, pendingActivities } from './pending-activities.ts';

/** What is known of a run at one moment. `state` is null until a worker has first answered. */
export type ExperimentView = {
  status: string;
  state: ExperimentState | null;
  activities: PendingActivity[];
  /** False while the server does not answer: the view is then the last known one. */
  reachable: boolean;
};

/**
 * After a worker was killed the server first asks that one, by its sticky queue, and turns to another once that has
 * timed out (3 s here, 10 s by default). A shorter deadline would never see an answer.
 */
export const QUERY_MS = 15_000;

/**
 * Calls `onView` about once a second until the run has ended, then once more with its last state. Gives the last
 * view. A worker or server that does not answer for a while is waited for, with the last known state kept.
 */
export async function watchExperiment(params: {
  client: Client;
  handle: WorkflowHandle;
  onView: (view: ExperimentView) => void;
  /** @default 1000 */
  intervalMs?: number;
  signal?: AbortSignal;
}): Promise<ExperimentView> {
  const { client, handle, onView, intervalMs = 1000, signal } = params;
  let view = UNSEEN;
  while (!signal?.aborted) {
    view = await lookAtExperiment(client, handle, view);
    onView(view);
    if (view.status !== 'RUNNING') break;
    await sleep(intervalMs, undefined, { signal }).catch(() => {});
  }
  return view;
}

const UNSEEN: ExperimentView = { status: 'RUNNING', state: null, activities: [], reachable: false };

/** One look at a run. What does not answer now is as it was at the last look. */
export async function lookAtExperiment(
  client: Client,
  handle: WorkflowHandle,
  last: ExperimentView = UNSEEN,
): Promise<ExperimentView> {
  try {
    const description = await client.withDeadline(Date.now() + 5000, () => handle.describe());
    const [state, activities] = await Promise.all([
      queryState(client, handle),
      pendingActivities({ client, description }),
    ]);
    return { status: description.status.name, state: state ?? last.state, activities, reachable: true };
  } catch {
    return { ...last, reachable: false };
  }
}

async function queryState(client: Client, handle: WorkflowHandle): Promise<ExperimentState | null> {
  try {
    const answer = await client.withDeadline(Date.now() + QUERY_MS, () =>
      handle.query(EXPERIMENT_STATE_QUERY),
    );
    return experimentStateSchema.parse(answer);
  } catch {
    // No worker holds the workflow right now: it is starting, restarting or away.
    return null;
  }
}
