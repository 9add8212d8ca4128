export { DpsynthError, ErrorType } from '../schemas/errors.ts';
export { type ExperimentConfig, type ExperimentInput, experimentSchema } from '../schemas/experiment.ts';
export type { ExperimentResult, ExperimentState } from '../schemas/experiment-state.ts';
export {
  type ResynthesisConfig,
  type ResynthesisInput,
  type ResynthesisResult,
  resynthesisSchema,
} from '../schemas/resynthesis.ts';
export { type SweepConfig, type SweepInput, sweepSchema } from '../schemas/sweep/sweep.ts';
export type { SweepCell, SweepState } from '../schemas/sweep/sweep-state.ts';
export { type Connected, connect } from './connect.ts';
export { DpsynthClient, type ExperimentProgress } from './dpsynth-client.ts';
export { experimentResult } from './experiment/experiment-result.ts';
export type { PendingActivity } from './experiment/pending-activities.ts';
export type { StageProgress } from './experiment/stage-progress.ts';
export { type StartedExperiment, startExperiment } from './experiment/start-experiment.ts';
export { type ExperimentView, watchExperiment } from './experiment/watch-experiment.ts';
export { approveReservation, setLedgerLimits } from './ledger/change-ledger.ts';
export { readLedger } from './ledger/read-ledger.ts';
export { createRunId } from './run-id.ts';
export { cancelExperiment } from './runs/cancel-experiment.ts';
export { type ListedRun, listRuns } from './runs/list-runs.ts';
export {
  deleteSchedule,
  pauseSchedule,
  triggerSchedule,
  unpauseSchedule,
} from './schedule/change-schedule.ts';
export { createSchedule } from './schedule/create-schedule.ts';
export {
  type ListedSchedule,
  listSchedules,
  readSchedule,
  type ScheduleView,
  type Tick,
} from './schedule/read-schedule.ts';
export { type StartedSweep, startSweep } from './sweep/start-sweep.ts';
export { sweepResult } from './sweep/sweep-result.ts';
export { type SweepView, watchSweep } from './sweep/watch-sweep.ts';
