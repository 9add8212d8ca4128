import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { ScoreSource } from '../../../schemas/scores.ts';
import type { StageTracker } from '../tracker.ts';

/** What every stage of a run sees. */
export type Scope = { run: string; config: ExperimentConfig; tracker: StageTracker };

/** Whether the run makes this row of the result table. */
export function isAsked({ config }: Scope, source: ScoreSource): boolean {
  return source === 'synthetic' || config.evaluation.baselines.includes(source);
}

/** Activity ids that people can read: clients find a stage's live progress by the part before the first dash. */
export function named(activityId: string, summary: string) {
  return { activityId, summary: summary.slice(0, 200) };
}
