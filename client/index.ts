export { DpsynthError, ErrorType } from '../schemas/errors.ts';
export { type ExperimentConfig, type ExperimentInput, experimentSchema } from '../schemas/experiment.ts';
export type { ExperimentResult, ExperimentState } from '../schemas/experiment-state.ts';
export {
  type ResynthesisConfig,
  type ResynthesisInput,
  type ResynthesisResult,
  resynthesisSchema,
} from '../schemas/resynthesis.ts';
export { type SweepConfig, type SweepInput, sweepSchema } from '../schemas/sweep.ts';
export type { SweepCell, SweepState } from '../schemas/sweep-state.ts';
export { cancelExperiment } from './cancel-experiment.ts';
export { approveReservation, setLedgerLimits } from './change-ledger.ts';
export { type Connected, connect } from './connect.ts';
export { DpsynthClient, type ExperimentProgress } from './dpsynth-client.ts';
export { experimentResult } from './experiment-result.ts';
export { type ListedRun, listRuns } from './list-runs.ts';
export type { PendingActivity } from './pending-activities.ts';
export { readLedger } from './read-ledger.ts';
export { createRunId } from './run-id.ts';
export {
  deleteSchedule,
  pauseSchedule,
  triggerSchedule,
  unpauseSchedule,
} from './schedules/change-schedule.ts';
export { createSchedule } from './schedules/create-schedule.ts';
export {
  type ListedSchedule,
  listSchedules,
  readSchedule,
  type ScheduleView,
  type Tick,
} from './schedules/read-schedule.ts';
export type { StageProgress } from './stage-progress.ts';
export { type StartedExperiment, startExperiment } from './start-experiment.ts';
export { type StartedSweep, startSweep } from './start-sweep.ts';
export { sweepResult } from './sweep-result.ts';
export { type ExperimentView, watchExperiment } from './watch-experiment.ts';
export { type SweepView, watchSweep } from './watch-sweep.ts';
