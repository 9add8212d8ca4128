import type { z } from 'zod';
import { amounts } from './amounts.ts';
import { classify } from './classify.ts';
import { heldOut } from './held-out.ts';
import { proxies } from './proxies.ts';
import { tuning } from './tuning.ts';

/**
 * The evaluation stages of an experiment, in the order in which a run does them: from here come their settings, labels, activities, jobs,
 * and what the report is made of. To add one, add its entry: the compiler then names each table that lacks it. Runs that are under way
 * replay this order, so the stages that are there keep theirs.
 */
export const EVALUATIONS = { heldOut, proxies, classify, amounts, tuning } as const;

export type Evaluations = typeof EVALUATIONS;
export type EvaluationStage = keyof Evaluations;
type Entry = Evaluations[EvaluationStage];

/** Stages that have an activity of their own. */
export type ActiveStage = {
  [S in EvaluationStage]: Evaluations[S] extends { activity: object } ? S : never;
}[EvaluationStage];

type KeysOf<U> = U extends unknown ? keyof U : never;
/** The fields of several objects in one. */
type Merged<U> = { [K in KeysOf<U>]: U extends { [key in K]: infer V } ? V : never };

/** First those of version 0.1.0, in its order: digests of steps follow the order of fields. */
function merged<U extends object>(first: readonly U[], all: readonly U[]): Merged<U> {
  return Object.assign({}, ...first, ...all);
}

const entries: Entry[] = Object.values(EVALUATIONS);

/** The field of `evaluation` of each stage that can be left out. */
export const evaluationSettings = merged(
  [heldOut, proxies, tuning, amounts].map(({ settings }): Entry['settings'] => settings),
  entries.map(({ settings }) => settings),
);

/** The jobs of all stages by kind, with their results. */
export const evaluationJobs = merged<Entry['jobs']>(
  [],
  entries.map(({ jobs }) => jobs),
);

/** What the report is given of the stages. */
export const reportedFields = merged(
  [classify, amounts, tuning, heldOut, proxies].map(({ reported }): Entry['reported'] => reported),
  entries.map(({ reported }) => reported),
);
export type Reported = { [K in keyof typeof reportedFields]: z.infer<(typeof reportedFields)[K]> };
/** What one stage gives to the report. */
export type ReportedOf<S extends EvaluationStage> = Reported[keyof Evaluations[S]['reported'] &
  keyof Reported];

/** What the data of a report hold of the stages, beside the scores. */
export const evaluationData = merged<Entry['data']>(
  [tuning.data, proxies.data],
  entries.map(({ data }) => data),
);
export type EvaluationData = {
  [K in keyof typeof evaluationData]: Exclude<z.infer<(typeof evaluationData)[K]>, undefined>;
};
