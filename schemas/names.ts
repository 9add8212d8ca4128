/** Names that clients, workflows and workers share. */
export const TaskQueue = {
  control: 'dpsynth-control',
  cpu: 'dpsynth-cpu',
  gpu: 'dpsynth-gpu',
} as const;

export const WorkflowType = {
  experiment: 'experiment',
  sweep: 'sweep',
  ledger: 'ledger',
  resynthesis: 'resynthesis',
} as const;

export type WorkflowType = (typeof WorkflowType)[keyof typeof WorkflowType];

/** Answers an `ExperimentState` at any time, also after the run has ended. */
export const EXPERIMENT_STATE_QUERY = 'experimentState';

/** Answers a `SweepState` at any time, also after the sweep has ended. */
export const SWEEP_STATE_QUERY = 'sweepState';

/** Updates of a running sweep. */
export const SweepUpdate = { stopTrial: 'stopTrial', pause: 'pause', resume: 'resume' } as const;

/** Answers a `LedgerView` of the privacy ledger of a corpus. */
export const LEDGER_STATE_QUERY = 'ledgerState';

/** Updates of a privacy ledger. */
export const LedgerUpdate = {
  reserve: 'reserve',
  commit: 'commit',
  /** Histories hold the update under its first name. */
  refund: 'release',
  approve: 'approve',
  limits: 'limits',
} as const;

/** Notifies a waiting run that its reservation was approved. */
export const BUDGET_APPROVED_SIGNAL = 'budgetApproved';

/** Returns the id of the workflow that serves a ledger. */
export function ledgerWorkflowId(ledger: string): string {
  return `ledger-${ledger}`;
}

/**
 * Valid names of runs, which are workflow ids and folders too: letters, digits, dots, dashes and underscores.
 */
export const RUN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** The stages of an experiment in order, with the words that people see. */
export const STAGES = {
  prepare: 'Prepare the corpus',
  plan: 'Calibrate the noise',
  finetune: 'Fine-tune under DP',
  heldOut: 'Measure the loss of held-out text',
  sample: 'Sample synthetic records',
  zeroShot: 'Sample the base model',
  proxies: 'Measure proxies',
  classify: 'Train and score classifiers',
  amounts: 'Train on parts of the synthetic corpus',
  tuning: 'Search classifier settings',
  report: 'Write the report',
} as const;

export type Stage = keyof typeof STAGES;
