import { defineQuery } from '@temporalio/workflow';
import type { ExperimentState } from '../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY } from '../schemas/names.ts';

/** Where the run stands, at any time, also after its end. */
export const experimentState = defineQuery<ExperimentState>(EXPERIMENT_STATE_QUERY);
