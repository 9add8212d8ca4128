import { z } from 'zod';
import { trainingSummary } from '../activities.ts';
import { artifactRefSchema } from '../artifact.ts';
import { scoreRowSchema } from '../scores.ts';
import { privacySchema } from '../settings/privacy.ts';
import { objectiveSchema, trialValuesSchema } from './search.ts';

/** What a search knows of one of its trials. */
export const trialStateSchema = z.strictObject({
  index: z.int().min(0).describe('Of the settings; the same on every rung'),
  rung: z.int().min(0),
  values: trialValuesSchema,
  score: z
    .number()
    .nullable()
    .describe('What the search decides by; null before the end, and where it has none'),
  verdict: z
    .enum(['goes on', 'given up'])
    .nullable()
    .describe('null where it is on the last rung, or not yet judged'),
});
export type TrialState = z.infer<typeof trialStateSchema>;

/**
 * The privacy that a sweep costs, with all its trainings over the same records. Both numbers are bounds on
 * the total: the one before adds epsilons up, the one after composes the mechanisms that were run.
 */
export const sweepCostSchema = z.strictObject({
  before: z.strictObject({
    trainings: z.int().nonnegative().describe('At most, each with a budget'),
    epsilon: z.number().nonnegative().describe('At the sum of their deltas, by adding up'),
    withoutPrivacy: z.int().nonnegative().describe('Variants that have no guarantee at all'),
  }),
  after: z
    .strictObject({
      trainings: z.int().nonnegative().describe('Charged: also those of variants that failed'),
      cached: z.int().nonnegative().describe('Trainings taken from an earlier run, which cost nothing'),
      withoutPrivacy: z.int().nonnegative(),
      epsilon: z.number().nonnegative().nullable().describe('null where it could not be computed'),
      delta: z.number().nullable().describe('The smallest of the trainings; null where there is none'),
    })
    .nullable()
    .describe('null before the end'),
});
export type SweepCost = z.infer<typeof sweepCostSchema>;

/** One variant of a sweep: where it stands, and once it is done what its table row is made of. */
export const sweepCellSchema = z.strictObject({
  name: z.string(),
  run: z.string().describe('Its workflow id and folder'),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
  why: z.string().nullable().describe('Of a failure'),
  trial: trialStateSchema.optional().describe('Of a search only'),
  epsilon: privacySchema.shape.epsilon.unwrap().describe('As asked for'),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  earlier: z.boolean().describe('The run had ended before this sweep began, and was not run again'),
  training: trainingSummary.nullable(),
  published: z
    .array(scoreRowSchema.pick({ source: true, mean: true, intervals: true }))
    .nullable()
    .describe('Scores that may be known, only where corpus.testSetIsPublic'),
  scores: artifactRefSchema.nullable().describe('private/: all scores'),
  report: artifactRefSchema.nullable().describe('private/: the report'),
  release: artifactRefSchema.optional().describe('Manifest of its release, made when all runs had ended'),
});
export type SweepCell = z.infer<typeof sweepCellSchema>;

/** What a sweep answers to the state query, and what it returns at its end. */
export const sweepStateSchema = z.strictObject({
  sweep: z.string(),
  name: z.string(),
  cells: z.array(sweepCellSchema),
  objective: objectiveSchema.optional().describe('Of a search: what its trials are ranked by'),
  paused: z.boolean().optional().describe('No variant begins before it is resumed'),
  cost: sweepCostSchema.optional().describe('Absent in sweeps of version 0.1.0'),
});
export type SweepState = z.infer<typeof sweepStateSchema>;

/** What is asked about the privacy that the runs of a sweep have cost. */
export const accountSweepInput = z.strictObject({ runs: z.array(z.string()) });
export type AccountSweepInput = z.infer<typeof accountSweepInput>;
export type SweepSpent = NonNullable<SweepCost['after']>;
