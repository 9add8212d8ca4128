import { defineQuery } from '@temporalio/workflow';
import type { ExperimentState } from '../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY, SWEEP_STATE_QUERY } from '../schemas/names.ts';
import type { SweepState } from '../schemas/sweep-state.ts';

/** Where the run stands, at any time, also after its end. */
export const experimentState = defineQuery<ExperimentState>(EXPERIMENT_STATE_QUERY);

/** Where each variant of a sweep stands, and its result. */
export const sweepState = defineQuery<SweepState>(SWEEP_STATE_QUERY);
