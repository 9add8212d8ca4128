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

/**
 * Time and memory of a job. They depend on the records that the job read, so they stay in the private area.
 */
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
  testRecords: z.int().describe('Treated as public, like n'),
  units: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Keyed digest of the set of units of the whole corpus: the default id of its ledger'),
  ...origin,
});

/**
 * Finds the records of the next version of a release, and marks them as used before anything is
 * trained on them.
 */
export const openVersionJobSchema = z.strictObject({
  kind: z.literal('open-version'),
  ...jobBase,
  release: z.string(),
  mode: z.enum(['full', 'incremental']),
  tick: z
    .string()
    .describe('Tick of the schedule. A repeated request returns the version that it opened before'),
  corpus: corpusSchema,
  seed: z.int(),
  expectedBatchSize: z.int().describe('A version needs more training records than this'),
});

export const openedVersionSchema = z.strictObject({
  version: z.int().nullable().describe('null: there are no records for a version'),
  reason: z.enum(['unchanged', 'too-few']).optional().describe('Why there is no version'),
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
  seed: z.int().describe('Public: decides the initial adapter. Draws and noise come from the run key'),
  microBatch: z.int().min(1).describe('Physical size; halved after OutOfMemory'),
});

export const finetunedSchema = z.strictObject({
  adapter: artifactRefSchema,
  diagnostics: artifactRefSchema.describe('Private: losses, clip fraction, digests of draws and noise'),
  steps: z.int(),
  trainableParameters: z.int(),
  precision: precisionSchema
    .optional()
    .describe('Precision of products with frozen matrices; absent in results of version 0.1.0 and earlier'),
  ...origin,
});

/** What fine-tuning passes to later stages. */
export const trainedSchema = finetunedSchema.extend({
  release: releaseNameSchema.nullable().describe('null without privacy'),
});

/** What the selection passes to later stages. */
export const chosenTextsSchema = selectedSchema.extend({
  release: releaseNameSchema.nullable().describe('null without privacy'),
});

export const sampleJobSchema = z.strictObject({
  kind: z.literal('sample'),
  ...jobBase,
  model: z.string(),
  template: templateSchema,
  labels: z.array(z.string()),
  adapter: artifactRefSchema.nullable().describe('null: the base model (zero-shot)'),
  sampling: samplingSchema,
  precision: precisionSettingSchema,
  seed: z.int(),
  shard: z.int().min(0),
  pool: z.literal(true).optional().describe('The texts are a pool from which a selection chooses'),
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
  nll: z.number().describe('Sum over the tokens after the first, in nats'),
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

/** Result of each kind of job. */
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
 * Progress of a job, as sent in heartbeats: a typed pointer, never data and never a number computed
 * from private records.
 */
export const progressSchema = z.strictObject({
  phase: z.string(),
  step: z.int(),
  of: z.int(),
  checkpoint: z.string().optional(),
  rate: z
    .strictObject({ value: z.number(), unit: z.literal('tokens/s') })
    .optional()
    .describe('Progress of sampling, which is post-processing and sees no records'),
});
export type Progress = z.infer<typeof progressSchema>;
export type OnProgress = (progress: Progress) => void;
