import { defineQuery } from '@temporalio/workflow';
import type { ExperimentState } from '../../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY } from '../../schemas/names.ts';

/** The state of the run. Queries are answered at any time, also after the run has ended. */
export const experimentState = defineQuery<ExperimentState>(EXPERIMENT_STATE_QUERY);
