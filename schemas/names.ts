/** Names that a client, a workflow and a worker must spell alike. */
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

/** Changes of a sweep that is under way. */
export const SweepUpdate = { stopTrial: 'stopTrial', pause: 'pause', resume: 'resume' } as const;

/** Answers a `LedgerView` of the privacy ledger of a corpus. */
export const LEDGER_STATE_QUERY = 'ledgerState';

/** Changes of a privacy ledger. */
export const LedgerUpdate = {
  reserve: 'reserve',
  commit: 'commit',
  /** Histories hold the update under its first name. */
  refund: 'release',
  approve: 'approve',
  limits: 'limits',
} as const;

/** The ledger tells a run that waits that its reservation is approved. */
export const BUDGET_APPROVED_SIGNAL = 'budgetApproved';

/** The workflow that serves the ledger of this id. */
export function ledgerWorkflowId(ledger: string): string {
  return `ledger-${ledger}`;
}

/**
 * What may name a run, which is a workflow id and a folder as well: letters, digits,
 * dots, dashes, underscores.
 */
export const RUN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
