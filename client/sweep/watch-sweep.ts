import type { Client, WorkflowHandle } from '@temporalio/client';
import { SWEEP_STATE_QUERY } from '../../schemas/names.ts';
import { type SweepState, sweepStateSchema } from '../../schemas/sweep/sweep-state.ts';
import { type ExperimentView, lookAtExperiment } from '../experiment/watch-experiment.ts';
import { describe, queryState, type Watched, watchView } from '../watch-view.ts';

/** What is known of a sweep at one moment: its cells, and a view of each run that is running. */
export type SweepView = {
  status: string;
  /** null until a worker first answers. */
  state: SweepState | null;
  /** By the name of the run. */
  running: Map<string, ExperimentView>;
};

const UNSEEN: SweepView = { status: 'RUNNING', state: null, running: new Map() };

/**
 * Calls `onView` with the state of a sweep about once a second until the sweep has ended, see `watchView`.
 */
export function watchSweep(params: Watched<SweepView>): Promise<SweepView> {
  return watchView({ ...params, look: lookAtSweep, unseen: UNSEEN });
}

/** Looks at a sweep once. Whatever does not answer now stays as it was in `last`. */
export async function lookAtSweep(
  client: Client,
  handle: WorkflowHandle,
  last: SweepView = UNSEEN,
): Promise<SweepView> {
  try {
    const { status } = await describe(client, handle);
    const query = { client, handle, query: SWEEP_STATE_QUERY, schema: sweepStateSchema };
    const state = (await queryState(query)) ?? last.state;
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
