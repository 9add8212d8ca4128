/** Names that a client, a workflow and a worker must spell alike. */
export const TaskQueue = {
  control: 'dpsynth-control',
  cpu: 'dpsynth-cpu',
  gpu: 'dpsynth-gpu',
} as const;

export const WorkflowType = { experiment: 'experiment', sweep: 'sweep' } as const;

/** Answers an `ExperimentState` at any time, also after the run has ended. */
export const EXPERIMENT_STATE_QUERY = 'experimentState';

/** Answers a `SweepState` at any time, also after the sweep has ended. */
export const SWEEP_STATE_QUERY = 'sweepState';

/** What may name a run, which is a workflow id and a folder as well: letters, digits, dots, dashes, underscores. */
export const RUN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** The stages of an experiment in their order, with the words that people see. */
export const STAGES = {
  prepare: 'Prepare the corpus',
  plan: 'Calibrate the noise',
  finetune: 'Fine-tune under DP',
  heldOut: 'Measure the loss of held-out text',
  sample: 'Sample synthetic records',
  zeroShot: 'Sample the un-tuned model',
  classify: 'Train and score classifiers',
  report: 'Write the report',
} as const;

export type Stage = keyof typeof STAGES;
