import type { z } from 'zod';
import { amounts } from './amounts.ts';
import { classify } from './classify.ts';
import { heldOut } from './held-out.ts';
import { proxies } from './proxies.ts';
import { tuning } from './tuning.ts';

/**
 * The evaluation stages of an experiment, in the order in which a run executes them. Their settings, labels,
 * activities, jobs and report inputs come from here. To add a stage, add its entry: the compiler then names
 * each table that lacks it. Active runs replay this order, so existing stages must keep their order.
 */
export const EVALUATIONS = { heldOut, proxies, classify, amounts, tuning } as const;

export type Evaluations = typeof EVALUATIONS;
export type EvaluationStage = keyof Evaluations;
type Entry = Evaluations[EvaluationStage];

/** Stages that have their own activity. */
export type ActiveStage = {
  [S in EvaluationStage]: Evaluations[S] extends { activity: object } ? S : never;
}[EvaluationStage];

type KeysOf<U> = U extends unknown ? keyof U : never;
/** Merges the fields of several objects into one. */
type Merged<U> = { [K in KeysOf<U>]: U extends { [key in K]: infer V } ? V : never };

/** The fields of version 0.1.0 come first, in its order: digests of steps depend on the order of fields. */
function merged<U extends object>(first: readonly U[], all: readonly U[]): Merged<U> {
  return Object.assign({}, ...first, ...all);
}

const entries: Entry[] = Object.values(EVALUATIONS);

/** The field of `evaluation` of each optional stage. */
export const evaluationSettings = merged(
  [heldOut, proxies, tuning, amounts].map(({ settings }): Entry['settings'] => settings),
  entries.map(({ settings }) => settings),
);

/** Jobs of all stages by kind, with their results. */
export const evaluationJobs = merged<Entry['jobs']>(
  [],
  entries.map(({ jobs }) => jobs),
);

/** Results of the stages that are passed to the report. */
export const reportedFields = merged(
  [classify, amounts, tuning, heldOut, proxies].map(({ reported }): Entry['reported'] => reported),
  entries.map(({ reported }) => reported),
);
export type Reported = { [K in keyof typeof reportedFields]: z.infer<(typeof reportedFields)[K]> };
/** Result of one stage for the report. */
export type ReportedOf<S extends EvaluationStage> = Reported[keyof Evaluations[S]['reported'] &
  keyof Reported];

/** Fields of the report data that come from the stages, in addition to the scores. */
export const evaluationData = merged<Entry['data']>(
  [tuning.data, proxies.data],
  entries.map(({ data }) => data),
);
export type EvaluationData = {
  [K in keyof typeof evaluationData]: Exclude<z.infer<(typeof evaluationData)[K]>, undefined>;
};
