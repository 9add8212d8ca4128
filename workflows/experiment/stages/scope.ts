import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { EvaluationStage } from '../../../schemas/evaluations/index.ts';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { PreparedCorpus } from '../../../schemas/jobs.ts';
import type { ScoreSource } from '../../../schemas/scores.ts';
import type { StageTracker } from '../tracker.ts';

/** What every stage of a run sees. */
export type Scope = { run: string; config: ExperimentConfig; tracker: StageTracker };

/** The shards of the un-tuned model. Empty if nobody asked for them, or if they failed: then with the reason. */
export type ZeroShot = { refs: ArtifactRef[]; why?: string };

/** What there is to evaluate. */
export type Corpora = {
  prepared: PreparedCorpus;
  /** null if nothing was fine-tuned. */
  adapter: ArtifactRef | null;
  synthetic: ArtifactRef[];
  zeroShot: ZeroShot;
};

/** Whether the run makes this row of the result table. */
export function isAsked({ config }: Scope, source: ScoreSource): boolean {
  return source === 'synthetic' || config.evaluation.baselines.includes(source);
}

/** Activity ids that people can read: clients find a stage's live progress by the part before the first dash. */
export function named(activityId: string, summary: string) {
  return { activityId, summary: summary.slice(0, 200) };
}

/** The id of the activity that does one part of an evaluation stage. */
export function partOf(stage: EvaluationStage, part: string | number, summary = String(part)) {
  return named(`${stage}-${part}`, summary);
}
