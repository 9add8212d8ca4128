export { cancelExperiment } from './cancel-experiment.ts';
export { type Connected, connect } from './connect.ts';
export { experimentResult } from './experiment-result.ts';
export type { PendingActivity } from './pending-activities.ts';
export { createRunId } from './run-id.ts';
export { type StartedExperiment, startExperiment } from './start-experiment.ts';
export { type ExperimentView, watchExperiment } from './watch-experiment.ts';
