import { z } from 'zod';
import { trainingSummary } from './activities.ts';
import { artifactRefSchema } from './artifact.ts';
import { scoreRowSchema } from './scores.ts';
import { privacySchema } from './settings/privacy.ts';

/** One variant of a sweep: where it stands, and once it is done what its table row is made of. */
export const sweepCellSchema = z.strictObject({
  name: z.string(),
  run: z.string().describe('Its workflow id and folder'),
  status: z.enum(['waiting', 'running', 'done', 'failed']),
  why: z.string().nullable().describe('Of a failure'),
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
});
export type SweepCell = z.infer<typeof sweepCellSchema>;

/** What a sweep answers to the state query, and what it returns at its end. */
export const sweepStateSchema = z.strictObject({
  sweep: z.string(),
  name: z.string(),
  cells: z.array(sweepCellSchema),
});
export type SweepState = z.infer<typeof sweepStateSchema>;
