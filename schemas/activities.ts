import { z } from 'zod';
import { artifactRefSchema } from './artifact.ts';
import { experimentSchema } from './experiment.ts';
import { preparedCorpusSchema, trainedSchema } from './jobs.ts';
import { mechanismPlanSchema } from './privacy.ts';
import { proxySourceSchema } from './proxies.ts';
import { scoreSourceSchema, scoresSchema } from './scores.ts';
import { tuningSourceSchema } from './tuning.ts';

const base = { run: z.string(), config: experimentSchema };

/** Inputs and outputs of the activities: one object each, configs, references and numbers only. */
export const prepareInput = z.strictObject(base);
export const planInput = z.strictObject({ ...base, records: z.int() });
export const planOutput = z.strictObject({
  mechanism: mechanismPlanSchema,
  trainableParameters: z.int(),
  noiseToClippingRatio: z.number(),
  warnings: z.array(z.string()),
});
export const finetuneInput = z.strictObject({
  ...base,
  train: artifactRefSchema,
  plan: mechanismPlanSchema,
  microBatch: z.int().min(1),
});
export const sampleShardInput = z.strictObject({
  ...base,
  adapter: artifactRefSchema.nullable(),
  shard: z.int(),
});
export const heldOutInput = z.strictObject({
  ...base,
  adapter: artifactRefSchema.nullable(),
  test: artifactRefSchema,
});
export const proxiesInput = z.strictObject({
  ...base,
  source: proxySourceSchema,
  adapter: artifactRefSchema.nullable(),
  texts: z.array(artifactRefSchema).min(1),
  test: artifactRefSchema,
});
export const classifyInput = z.strictObject({
  ...base,
  source: scoreSourceSchema,
  train: z.array(artifactRefSchema).min(1),
  share: z.number().optional().describe('Of the synthetic texts of each label; all without it'),
  test: artifactRefSchema,
});
export const tuneInput = z.strictObject({
  ...base,
  source: tuningSourceSchema,
  train: z.array(artifactRefSchema).min(1),
  test: artifactRefSchema.nullable().describe('null: a part of the training texts is scored'),
});
export const reportInput = z.strictObject({
  ...base,
  startedAt: z.string(),
  prepared: preparedCorpusSchema,
  plan: planOutput,
  finetuned: trainedSchema,
  synthetic: z.array(artifactRefSchema),
  zeroShot: z.array(artifactRefSchema),
  rows: z.array(
    z.strictObject({
      source: scoreSourceSchema,
      row: artifactRefSchema.nullable(),
      predictions: artifactRefSchema.optional().describe('Of the row, where its job kept them'),
      why: z.string().optional(),
    }),
  ),
  amounts: z
    .array(
      z.strictObject({ share: z.number(), row: artifactRefSchema.nullable(), why: z.string().optional() }),
    )
    .optional()
    .describe('Rows of shares of the synthetic corpus, by rising share; absent where not asked for'),
  tuning: z
    .array(
      z.strictObject({
        source: tuningSourceSchema,
        search: artifactRefSchema.nullable(),
        why: z.string().optional(),
      }),
    )
    .optional()
    .describe('Absent where it was not asked for'),
  heldOut: z
    .strictObject({ tuned: artifactRefSchema, untuned: artifactRefSchema })
    .optional()
    .describe('Absent where it was not asked for, or failed'),
  proxies: z
    .array(
      z.strictObject({
        source: proxySourceSchema,
        proxies: artifactRefSchema.nullable(),
        why: z.string().optional(),
      }),
    )
    .optional()
    .describe('Absent where they were not asked for'),
});
/**
 * What fine-tuning was, for a table of runs. What it took depends on private records and stays in
 * the private area.
 */
export const trainingSummary = z.strictObject({
  epsilon: z.number().nullable().describe('null without DP'),
  trainableParameters: z.int(),
  cachedFrom: z.string().optional().describe('The run that trained, if it was an earlier one'),
});
export const reportOutput = z.strictObject({
  report: artifactRefSchema.describe('private/: everything'),
  release: artifactRefSchema
    .nullable()
    .describe(
      'The committed manifest of the release area; null for a trial of a sweep, which is released with ' +
        'the others',
    ),
  releaseReport: artifactRefSchema.nullable(),
  synthetic: artifactRefSchema.describe('The merged synthetic corpus, JSONL'),
  syntheticRecords: z.int(),
  scores: artifactRefSchema.describe('private/ scores.json'),
  published: scoresSchema.nullable().describe('Scores, only where corpus.testSetIsPublic'),
  statement: z.string().describe('The privacy statement in one line'),
  training: trainingSummary.optional().describe('Absent in runs of version 0.1.0 and before'),
});
/** The releases that one was chosen from, and what they cost together. */
export const chosenFromSchema = z.strictObject({
  sweep: z.string(),
  trainings: z.int().positive().describe('Releases of private records among its runs, each counted once'),
  epsilon: z.number().nonnegative().describe('Of all of them composed'),
  delta: z.number().positive(),
  withoutPrivacy: z.int().nonnegative().describe('Runs that have no guarantee at all'),
});
export type ChosenFrom = z.infer<typeof chosenFromSchema>;

export const releaseTrialsInput = z.strictObject({ sweep: z.string(), runs: z.array(z.string()) });
export const releasedTrialsSchema = z.array(z.strictObject({ run: z.string(), release: artifactRefSchema }));
export type ReleaseTrialsInput = z.infer<typeof releaseTrialsInput>;
export type ReleasedTrials = z.infer<typeof releasedTrialsSchema>;

export const findFinishedInput = z.strictObject(base);

export type PrepareInput = z.infer<typeof prepareInput>;
export type PlanInput = z.infer<typeof planInput>;
export type PlanOutput = z.infer<typeof planOutput>;
export type FinetuneInput = z.infer<typeof finetuneInput>;
export type SampleShardInput = z.infer<typeof sampleShardInput>;
export type HeldOutInput = z.infer<typeof heldOutInput>;
export type ProxiesInput = z.infer<typeof proxiesInput>;
export type ClassifyInput = z.infer<typeof classifyInput>;
export type TuneInput = z.infer<typeof tuneInput>;
export type FindFinishedInput = z.infer<typeof findFinishedInput>;
export type ReportInput = z.infer<typeof reportInput>;
export type ReportOutput = z.infer<typeof reportOutput>;
export type TrainingSummary = z.infer<typeof trainingSummary>;
