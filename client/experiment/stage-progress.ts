import type { StageState } from '../../schemas/experiment-state.ts';
import type { Stage } from '../../schemas/stages.ts';
import type { PendingActivity } from './pending-activities.ts';
import type { ExperimentView } from './watch-experiment.ts';

/** The progress of a stage, for people. */
export type StageProgress = StageState & {
  /** 0 to 1: finished parts, and the progress that unfinished parts report. */
  fraction: number;
  /** Current work, such as "train 7 of 16". */
  note: string;
};

/** Returns the stages of a run with the progress of their activities. Empty until a worker first answers. */
export function stageProgress(view: ExperimentView): StageProgress[] {
  return (view.state?.stages ?? []).map((stage) => {
    const running = stage.status === 'running' ? activitiesOf(stage.stage, view.activities) : [];
    const inFlight = running.reduce((sum, { progress }) => sum + share(progress), 0);
    const fraction =
      stage.status === 'done' ? 1 : Math.min((stage.done + inFlight) / Math.max(stage.of, 1), 1);
    return { ...stage, fraction, note: note(stage, running) };
  });
}

/** The part of an activity's id before the first dash is its stage: `zeroShot-0-64`. */
function activitiesOf(stage: Stage, activities: PendingActivity[]): PendingActivity[] {
  return activities.filter(({ activityId }) => activityId.split('-')[0] === stage);
}

function share(progress: PendingActivity['progress']): number {
  return progress === null || progress.of <= 0 ? 0 : Math.min(progress.step / progress.of, 1);
}

function note(stage: StageState, running: PendingActivity[]): string {
  const failure = running.find((activity) => activity.lastFailure !== null && activity.attempt > 1);
  const retry = failure === undefined ? [] : [`attempt ${failure.attempt}: ${failure.lastFailure}`];
  const parts = stage.of > 1 ? [`${stage.done} of ${stage.of}`] : [];
  const progress = running.find((activity) => activity.progress !== null)?.progress;
  const steps = progress && progress.of > 1 ? [`${progress.phase} ${progress.step} of ${progress.of}`] : [];
  return [...parts, ...steps, ...rate(running), ...retry].join(', ');
}

/** The combined rate of the running activities, if they report one. */
function rate(running: PendingActivity[]): string[] {
  const rates = running.flatMap(({ progress }) => progress?.rate ?? []);
  if (rates.length === 0) return [];
  return [`${rates.reduce((sum, { value }) => sum + value, 0)} ${rates[0].unit}`];
}
