import { EVALUATIONS, type Evaluations } from './evaluations/index.ts';
import type { ComputeJobKind } from './jobs.ts';

type Queue = 'cpu' | 'gpu';
type Stage = Evaluations[keyof Evaluations];
/** The queue of each kind of job of an evaluation stage. */
type EvaluationQueues = {
  [S in Stage as S extends { activity: object } ? keyof S['jobs'] : never]: S extends {
    activity: { queue: infer Q };
  }
    ? Q
    : never;
};

const evaluationQueues = Object.fromEntries(
  Object.values(EVALUATIONS).flatMap((stage) =>
    'activity' in stage ? Object.keys(stage.jobs).map((kind) => [kind, stage.activity.queue]) : [],
  ),
) as EvaluationQueues;

/**
 * The queue on which jobs of each kind run. Activities are registered with workers by it, and a child process gets the device by it:
 * only jobs on `gpu` do, since others would only take its memory.
 */
export const JOB_QUEUE = {
  'open-version': 'cpu',
  prepare: 'cpu',
  finetune: 'gpu',
  sample: 'gpu',
  select: 'gpu',
  ...evaluationQueues,
} as const satisfies Record<ComputeJobKind, Queue>;
