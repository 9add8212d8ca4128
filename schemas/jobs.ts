import { z } from 'zod';
import { artifactRefSchema } from './artifact.ts';
import { mechanismPlanSchema } from './privacy.ts';
import { proxySourceSchema } from './proxies.ts';
import type { scoreRowSchema } from './scores.ts';
import { classifierSchema } from './settings/classifier.ts';
import { corpusSchema } from './settings/corpus.ts';
import { evaluationSchema } from './settings/evaluation.ts';
import { privacySchema } from './settings/privacy.ts';
import { proxySettingsSchema } from './settings/proxies.ts';
import { samplingSchema } from './settings/sampling.ts';
import { templateSchema } from './settings/template.ts';
import { precisionSchema, precisionSettingSchema, trainingSchema } from './settings/training.ts';
import { triedSettingsSchema, tuningSourceSchema } from './tuning.ts';

/** What every compute job needs: the store to read from and write to, and the run whose folder it fills. */
const base = { store: z.string().describe('URI of the artifact store'), run: z.string() };

// Which rows there are, and what else is measured, is no matter of one row.
const evaluationOfRow = evaluationSchema.pick({ bootstrap: true, confidence: true });

/** On every result: where it comes from, if an earlier run made it. */
const origin = {
  cachedFrom: z.string().optional().describe('The run that made this, if it was not made anew'),
};

/** What a job took. It depends on the records that the job read, so it stays in the private area. */
export const jobCostSchema = z.strictObject({ seconds: z.number(), peakRssBytes: z.int() });
export type JobCost = z.infer<typeof jobCostSchema>;

export const prepareJobSchema = z.strictObject({
  kind: z.literal('prepare'),
  ...base,
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

/** Looks for records that a next version of a release is made of, and marks them as used before anything is trained on them. */
export const openVersionJobSchema = z.strictObject({
  kind: z.literal('open-version'),
  ...base,
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
  ...base,
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

/** Names what a DP stage has released, as ledgers know it. A result that comes from the step cache keeps the name that it was made under. */
export const releaseNameSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

/** What fine-tuning hands on. */
export const trainedSchema = finetunedSchema.extend({
  release: releaseNameSchema.nullable().describe('null without privacy'),
});

export const sampleJobSchema = z.strictObject({
  kind: z.literal('sample'),
  ...base,
  model: z.string(),
  template: templateSchema,
  labels: z.array(z.string()),
  adapter: artifactRefSchema.nullable().describe('null is the un-tuned model: zero-shot'),
  sampling: samplingSchema,
  precision: precisionSettingSchema,
  seed: z.int(),
  shard: z.int().min(0),
});

export const sampledSchema = z.strictObject({
  corpus: artifactRefSchema,
  counts: artifactRefSchema
    .optional()
    .describe('TextCounts, in private/; absent in runs of version 0.1.0 and before'),
  tokens: z.int(),
  ...origin,
});

/** The loss of real test records under a model: how far fine-tuning brought it to the text, more finely than accuracy. */
export const heldOutJobSchema = z.strictObject({
  kind: z.literal('held-out'),
  ...base,
  model: z.string(),
  template: templateSchema,
  adapter: artifactRefSchema.nullable().describe('null is the un-tuned model'),
  test: artifactRefSchema,
  records: z.int().min(1).describe('Of the test set, its first ones'),
  maxTokens: z.int().min(2).describe('Target tokens kept of a record, as in training'),
});

export const heldOutSchema = z.strictObject({
  loss: artifactRefSchema.describe('A HeldOutLoss, in private/: it was computed on the real test set'),
  ...origin,
});

/** How like one corpus is to the real test records, in numbers that are cheaper than a classifier. */
export const proxiesJobSchema = z.strictObject({
  kind: z.literal('proxies'),
  ...base,
  source: proxySourceSchema,
  model: z.string(),
  encoder: z.string(),
  template: templateSchema,
  adapter: artifactRefSchema
    .nullable()
    .describe('Of the model that wrote the texts; null is the un-tuned model, and that of real texts'),
  texts: z.array(artifactRefSchema).min(1),
  test: artifactRefSchema,
  settings: proxySettingsSchema.omit({ encoder: true }),
  maxTokens: z.int().min(2).describe('Tokens of a text that its perplexity counts, as in training'),
});

export const proxiesMeasuredSchema = z.strictObject({
  proxies: artifactRefSchema.describe('A CorpusProxies, in private/: it was computed on the real test set'),
  ...origin,
});

export const classifyJobSchema = z.strictObject({
  kind: z.literal('classify'),
  ...base,
  source: z.enum(['zero-shot', 'synthetic', 'real-dp', 'real']),
  model: z.string(),
  labels: z.array(z.string()),
  train: z.array(artifactRefSchema).min(1),
  share: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('Train on this share of the texts of each label only: the first ones of a public shuffle'),
  test: artifactRefSchema,
  classifier: classifierSchema,
  privacy: privacySchema
    .pick({ epsilon: true, delta: true, accountant: true })
    .optional()
    .describe('Of the row real-dp: what the classifier of each seed may spend'),
  evaluation: evaluationOfRow,
  seed: z.int(),
});

export const classifiedSchema = z.strictObject({
  row: artifactRefSchema.describe('A ScoreRow, in private/: it was computed on the real test set'),
  predictions: artifactRefSchema
    .optional()
    .describe('Predictions of the row, in private/; absent in runs of version 0.1.0 and before'),
  ...origin,
});

/** What classification hands on. */
export const scoredSchema = classifiedSchema.extend({
  release: releaseNameSchema.optional().describe('Of the row real-dp, which spends a budget'),
});

/** Trains and scores one classifier with each of the settings. */
export const tuneJobSchema = z.strictObject({
  kind: z.literal('tune'),
  ...base,
  source: tuningSourceSchema,
  model: z.string(),
  labels: z.array(z.string()),
  train: z.array(artifactRefSchema).min(1),
  scoredOn: z
    .union([
      z.strictObject({ heldOutFraction: z.number().gt(0).lt(1) }),
      z.strictObject({ test: artifactRefSchema }),
    ])
    .describe('A share of the training texts of each label, which no classifier then sees; or test records'),
  classifier: classifierSchema,
  settings: z.array(triedSettingsSchema).min(2).describe('In place of those of the classifier'),
  seed: z.int(),
});

export const tunedSchema = z.strictObject({
  search: artifactRefSchema.describe('A TuningSearch, in private/'),
  ...origin,
});

/** The row of predicting the most common real training label always. */
export const majorityJobSchema = z.strictObject({
  kind: z.literal('majority'),
  ...base,
  labels: z.array(z.string()),
  train: artifactRefSchema,
  test: artifactRefSchema,
  evaluation: evaluationOfRow,
  seed: z.int(),
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

export const computeJobSchema = z.discriminatedUnion('kind', [
  prepareJobSchema,
  openVersionJobSchema,
  finetuneJobSchema,
  sampleJobSchema,
  heldOutJobSchema,
  proxiesJobSchema,
  classifyJobSchema,
  majorityJobSchema,
  tuneJobSchema,
]);

export type ComputeJob = z.infer<typeof computeJobSchema>;
export type ComputeJobKind = ComputeJob['kind'];
export type JobOf<K extends ComputeJobKind> = Extract<ComputeJob, { kind: K }>;

/** The result that each kind of job gives back. */
export const jobResultSchemas = {
  prepare: preparedCorpusSchema,
  'open-version': openedVersionSchema,
  finetune: finetunedSchema,
  sample: sampledSchema,
  'held-out': heldOutSchema,
  proxies: proxiesMeasuredSchema,
  classify: classifiedSchema,
  majority: classifiedSchema,
  tune: tunedSchema,
} as const;
export type JobResult<K extends ComputeJobKind> = z.infer<(typeof jobResultSchemas)[K]>;

export type PreparedCorpus = z.infer<typeof preparedCorpusSchema>;
export type Finetuned = z.infer<typeof finetunedSchema>;
export type Sampled = z.infer<typeof sampledSchema>;
export type Classified = z.infer<typeof classifiedSchema>;
export type Trained = z.infer<typeof trainedSchema>;
export type Scored = z.infer<typeof scoredSchema>;
export type Tuned = z.infer<typeof tunedSchema>;
export type TextScore = z.infer<typeof textScoreSchema>;
export type ScoreRowData = z.infer<typeof scoreRowSchema>;

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
