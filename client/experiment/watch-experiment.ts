import type { Client, WorkflowHandle } from '@temporalio/client';
import { type ExperimentState, experimentStateSchema } from '../../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY } from '../../schemas/names.ts';
import { describe, queryState, type Watched, watchView } from '../watch-view.ts';
import { type PendingActivity, pendingActivities } from './pending-activities.ts';

/** What is known of a run at one moment. `state` is null until a worker first answers. */
export type ExperimentView = {
  status: string;
  state: ExperimentState | null;
  activities: PendingActivity[];
  /** False while the server does not answer: the view is then the last known one. */
  reachable: boolean;
};

const UNSEEN: ExperimentView = { status: 'RUNNING', state: null, activities: [], reachable: false };

/** Calls `onView` with the state of a run about once a second until the run has ended, see `watchView`. */
export function watchExperiment(params: Watched<ExperimentView>): Promise<ExperimentView> {
  return watchView({ ...params, look: lookAtExperiment, unseen: UNSEEN });
}

/** Looks at a run once. Whatever does not answer now stays as it was in `last`. */
export async function lookAtExperiment(
  client: Client,
  handle: WorkflowHandle,
  last: ExperimentView = UNSEEN,
): Promise<ExperimentView> {
  try {
    const description = await describe(client, handle);
    const [state, activities] = await Promise.all([
      queryState({ client, handle, query: EXPERIMENT_STATE_QUERY, schema: experimentStateSchema }),
      pendingActivities({ client, description }),
    ]);
    return { status: description.status.name, state: state ?? last.state, activities, reachable: true };
  } catch {
    return { ...last, reachable: false };
  }
}
