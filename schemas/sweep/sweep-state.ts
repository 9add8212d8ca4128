import { z } from 'zod';
import { trainingSummary } from '../activities.ts';
import { artifactRefSchema } from '../artifact.ts';
import { scoreRowSchema } from '../scores.ts';
import { privacySchema } from '../settings/privacy.ts';
import { objectiveSchema, trialValuesSchema } from './search.ts';

/** The state of one trial of a search. */
export const trialStateSchema = z.strictObject({
  index: z.int().min(0).describe('Number of the settings, the same on every rung'),
  rung: z.int().min(0),
  values: trialValuesSchema,
  score: z
    .number()
    .nullable()
    .describe('The score that the search decides by; null before the trial ends, or if it has none'),
  verdict: z
    .enum(['goes on', 'given up'])
    .nullable()
    .describe('null on the last rung, or if the trial is not yet judged'),
});
export type TrialState = z.infer<typeof trialStateSchema>;

/**
 * The privacy cost of a sweep, with all its trainings on the same records. Both numbers bound the total: the
 * one before is a sum of epsilons, the one after composes the mechanisms that ran.
 */
export const sweepCostSchema = z.strictObject({
  before: z.strictObject({
    trainings: z.int().nonnegative().describe('The most trainings with a budget'),
    epsilon: z.number().nonnegative().describe('The sum of their epsilons, at the sum of their deltas'),
    withoutPrivacy: z.int().nonnegative().describe('Variants without any guarantee'),
  }),
  after: z
    .strictObject({
      trainings: z.int().nonnegative().describe('Trainings that were charged, also those of failed variants'),
      cached: z.int().nonnegative().describe('Trainings reused from an earlier run, which cost nothing'),
      withoutPrivacy: z.int().nonnegative(),
      epsilon: z.number().nonnegative().nullable().describe('null if it could not be computed'),
      delta: z.number().nullable().describe('The smallest delta of the trainings; null if there is none'),
    })
    .nullable()
    .describe('null before the sweep ends'),
});
export type SweepCost = z.infer<typeof sweepCostSchema>;

/** The state of one variant of a sweep and, once it is done, the contents of its table row. */
export const sweepCellSchema = z.strictObject({
  name: z.string(),
  run: z.string().describe('Its workflow id, which also names its folder'),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
  why: z.string().nullable().describe('Reason of a failure'),
  trial: trialStateSchema.optional().describe('Only in a search'),
  epsilon: privacySchema.shape.epsilon.unwrap().describe('The requested epsilon'),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  earlier: z.boolean().describe('The run ended before this sweep started, and was not run again'),
  training: trainingSummary.nullable(),
  published: z
    .array(scoreRowSchema.pick({ source: true, mean: true, intervals: true }))
    .nullable()
    .describe('Public scores, only if corpus.testSetIsPublic is true'),
  scores: artifactRefSchema.nullable().describe('All scores, in private/'),
  report: artifactRefSchema.nullable().describe('The report, in private/'),
  release: artifactRefSchema
    .optional()
    .describe('Manifest of its release, which is made when all runs have ended'),
});
export type SweepCell = z.infer<typeof sweepCellSchema>;

/** The answer of a sweep to the state query, and its result. */
export const sweepStateSchema = z.strictObject({
  sweep: z.string(),
  name: z.string(),
  cells: z.array(sweepCellSchema),
  objective: objectiveSchema.optional().describe('In a search, the metric that ranks its trials'),
  paused: z.boolean().optional().describe('True if no variant starts until the sweep is resumed'),
  cost: sweepCostSchema.optional().describe('Absent in sweeps of version 0.1.0'),
});
export type SweepState = z.infer<typeof sweepStateSchema>;

/** A request for the privacy cost of the runs of a sweep. */
export const accountSweepInput = z.strictObject({ runs: z.array(z.string()) });
export type AccountSweepInput = z.infer<typeof accountSweepInput>;
export type SweepSpent = NonNullable<SweepCost['after']>;
