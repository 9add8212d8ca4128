import { z } from 'zod';
import { artifactRefSchema } from './artifact.ts';
import { evaluationJobs } from './evaluations/index.ts';
import { jobBase, origin } from './job-base.ts';
import { mechanismPlanSchema } from './privacy.ts';
import { releaseNameSchema } from './release-name.ts';
import { selectedSchema, selectJobSchema } from './selection.ts';
import { corpusSchema } from './settings/corpus.ts';
import { samplingSchema } from './settings/sampling.ts';
import { templateSchema } from './settings/template.ts';
import { precisionSchema, precisionSettingSchema, trainingSchema } from './settings/training.ts';

/** What a job took. It depends on the records that the job read, so it stays in the private area. */
export const jobCostSchema = z.strictObject({ seconds: z.number(), peakRssBytes: z.int() });
export type JobCost = z.infer<typeof jobCostSchema>;

export const prepareJobSchema = z.strictObject({
  kind: z.literal('prepare'),
  ...jobBase,
  corpus: corpusSchema,
  seed: z.int(),
});

export const preparedCorpusSchema = z.strictObject({
  train: artifactRefSchema,
  test: artifactRefSchema,
  records: z.int().describe('Training records n, in privacy units; treated as public'),
  testRecords: z.int().describe('Treated as public, as n is'),
  units: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Keyed digest of the set of units of the whole corpus: the default id of its ledger'),
  ...origin,
});

/**
 * Looks for records that a next version of a release is made of, and marks them as used before anything is
 * trained on them.
 */
export const openVersionJobSchema = z.strictObject({
  kind: z.literal('open-version'),
  ...jobBase,
  release: z.string(),
  mode: z.enum(['full', 'incremental']),
  tick: z.string().describe('One that asks again is given the version that it has'),
  corpus: corpusSchema,
  seed: z.int(),
  expectedBatchSize: z.int().describe('More training records are needed than these'),
});

export const openedVersionSchema = z.strictObject({
  version: z.int().nullable().describe('null: there is nothing to make one of'),
  reason: z.enum(['unchanged', 'too-few']).optional().describe('Why there is none'),
  ...origin,
});

export const finetuneJobSchema = z.strictObject({
  kind: z.literal('finetune'),
  ...jobBase,
  model: z.string(),
  template: templateSchema,
  train: artifactRefSchema,
  training: trainingSchema,
  plan: mechanismPlanSchema,
  seed: z.int().describe('Public: where the adapter starts. Draws and noise come from the run key'),
  microBatch: z.int().min(1).describe('Physical; halved after OutOfMemory'),
});

export const finetunedSchema = z.strictObject({
  adapter: artifactRefSchema,
  diagnostics: artifactRefSchema.describe('Private: losses, clip fraction, digests of draws and noise'),
  steps: z.int(),
  trainableParameters: z.int(),
  precision: precisionSchema
    .optional()
    .describe(
      'What products with frozen matrices were computed in; absent in results of version 0.1.0 and before',
    ),
  ...origin,
});

/** What fine-tuning hands on. */
export const trainedSchema = finetunedSchema.extend({
  release: releaseNameSchema.nullable().describe('null without privacy'),
});

/** What selecting hands on. */
export const chosenTextsSchema = selectedSchema.extend({
  release: releaseNameSchema.nullable().describe('null without privacy'),
});

export const sampleJobSchema = z.strictObject({
  kind: z.literal('sample'),
  ...jobBase,
  model: z.string(),
  template: templateSchema,
  labels: z.array(z.string()),
  adapter: artifactRefSchema.nullable().describe('null is the un-tuned model: zero-shot'),
  sampling: samplingSchema,
  precision: precisionSettingSchema,
  seed: z.int(),
  shard: z.int().min(0),
  pool: z.literal(true).optional().describe('The texts are a pool that a selection chooses from'),
});

export const sampledSchema = z.strictObject({
  corpus: artifactRefSchema,
  counts: artifactRefSchema
    .optional()
    .describe('TextCounts, in private/; absent in runs of version 0.1.0 and before'),
  tokens: z.int(),
  ...origin,
});

export const scoreTextJobSchema = z.strictObject({
  kind: z.literal('score-text'),
  model: z.string(),
  file: z.string(),
  textField: z.string(),
});

export const textScoreSchema = z.strictObject({
  tokens: z.int(),
  ids: z.array(z.int()),
  nll: z.number().describe('Sum over the tokens after the first, nats'),
});

const evaluationJobSchemas = Object.values(evaluationJobs).map(({ job }) => job);

export const computeJobSchema = z.discriminatedUnion('kind', [
  prepareJobSchema,
  openVersionJobSchema,
  finetuneJobSchema,
  sampleJobSchema,
  selectJobSchema,
  ...evaluationJobSchemas,
]);

export type ComputeJob = z.infer<typeof computeJobSchema>;
export type ComputeJobKind = ComputeJob['kind'];
export type JobOf<K extends ComputeJobKind> = Extract<ComputeJob, { kind: K }>;

type EvaluationJobs = typeof evaluationJobs;
const evaluationResults = Object.fromEntries(
  Object.entries(evaluationJobs).map(([kind, { result }]) => [kind, result]),
) as { [K in keyof EvaluationJobs]: EvaluationJobs[K]['result'] };

/** The result that each kind of job gives back. */
export const jobResultSchemas = {
  prepare: preparedCorpusSchema,
  'open-version': openedVersionSchema,
  finetune: finetunedSchema,
  sample: sampledSchema,
  select: selectedSchema,
  ...evaluationResults,
} as const;
export type JobResult<K extends ComputeJobKind> = z.infer<(typeof jobResultSchemas)[K]>;

export type PreparedCorpus = z.infer<typeof preparedCorpusSchema>;
export type Finetuned = z.infer<typeof finetunedSchema>;
export type Sampled = z.infer<typeof sampledSchema>;
export type Selected = z.infer<typeof chosenTextsSchema>;
export type Trained = z.infer<typeof trainedSchema>;
export type TextScore = z.infer<typeof textScoreSchema>;

/**
 * Progress of a job, as it goes into heartbeats. A typed pointer, never data and never a number computed from
 * private records.
 */
export const progressSchema = z.strictObject({
  phase: z.string(),
  step: z.int(),
  of: z.int(),
  checkpoint: z.string().optional(),
  rate: z
    .strictObject({ value: z.number(), unit: z.literal('tokens/s') })
    .optional()
    .describe('Of sampling, which is post-processing and sees no records'),
});
export type Progress = z.infer<typeof progressSchema>;
export type OnProgress = (progress: Progress) => void;
