import { operation, service } from 'nexus-rpc';
import type { ExperimentInput } from './experiment.ts';
import type { ExperimentResult } from './experiment-state.ts';
import type { SweepInput } from './sweep/sweep.ts';
import type { SweepState } from './sweep/sweep-state.ts';

/**
 * The settings and the workflow id. The default id is derived from the request, so that a retried request
 * starts nothing twice.
 */
export type NexusStart<Config> = { config: Config; id?: string };

/**
 * The operations that workflows of other teams start over Nexus, on an endpoint for the queue
 * `dpsynth-control`. An operation ends with the result of its workflow; cancelling the operation
 * cancels the workflow.
 */
export const dpsynthService = service('dpsynth', {
  runExperiment: operation<NexusStart<ExperimentInput>, ExperimentResult>(),
  runSweep: operation<NexusStart<SweepInput>, SweepState>(),
});
