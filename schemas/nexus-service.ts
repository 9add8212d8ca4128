import { operation, service } from 'nexus-rpc';
import type { ExperimentInput } from './experiment.ts';
import type { ExperimentResult } from './experiment-state.ts';
import type { SweepInput } from './sweep/sweep.ts';
import type { SweepState } from './sweep/sweep-state.ts';

/**
 * The settings, and what the workflow is called; by default a name made of the request, so that a retried
 * request starts nothing twice.
 */
export type NexusStart<Config> = { config: Config; id?: string };

/**
 * What other teams' workflows start over Nexus, on an endpoint for the queue `dpsynth-control`. An operation
 * ends when its workflow ends, with its result; cancelling the operation cancels the workflow.
 */
export const dpsynthService = service('dpsynth', {
  runExperiment: operation<NexusStart<ExperimentInput>, ExperimentResult>(),
  runSweep: operation<NexusStart<SweepInput>, SweepState>(),
});
