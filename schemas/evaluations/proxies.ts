import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import { jobBase, origin } from '../job-base.ts';
import { measureSchema } from '../measure.ts';
import { scoreSourceSchema } from '../scores.ts';
import { templateSchema } from '../settings/template.ts';
import type { Evaluation } from './evaluation.ts';

/** One way to compute MAUVE. Scores with different settings are not comparable. */
export const mauveSettingsSchema = z.strictObject({
  buckets: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe('Clusters of both sides together; null means a tenth of the smaller side'),
  scaling: z.number().positive().default(5).describe('The constant c: a larger one lowers the score'),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .max(20)
    .default([25, 26, 27])
    .describe('Seeds of the initial centroids; the score is the mean over them'),
});

/** Cheap indicators of accuracy: how similar the texts of a corpus are to the real test records. */
export const proxySettingsSchema = z.strictObject({
  records: z
    .int()
    .min(1)
    .max(20_000)
    .default(500)
    .describe('At most this many texts of each side, evenly spread over its records'),
  encoder: z
    .string()
    .min(1)
    .default('minilm-l6-v2')
    .describe('A catalog encoder, hub:OWNER/NAME@COMMIT of the Hugging Face hub, or a folder'),
  mauve: z
    .array(mauveSettingsSchema)
    .min(1)
    .max(10)
    .default([mauveSettingsSchema.parse({})])
    .describe('Several settings share the embeddings'),
  perplexityRecords: z
    .int()
    .min(0)
    .max(20_000)
    .default(100)
    .describe('Texts whose perplexity is measured, which takes the most time; 0 is off'),
});

export type ProxySettings = z.infer<typeof proxySettingsSchema>;
export type MauveSettingsOfRun = z.infer<typeof mauveSettingsSchema>;

/**
 * Corpora that are compared with the real test records. `real` is a sample of the training records, and shows
 * what a perfect corpus would reach.
 */
export const proxySourceSchema = scoreSourceSchema.extract(['zero-shot', 'synthetic', 'real']);
export type ProxySource = z.infer<typeof proxySourceSchema>;

/**
 * Measures of the texts alone. For a corpus that a DP mechanism produced they are post-processing, and
 * may be released.
 */
export const aloneSchema = z.strictObject({
  distinct1: measureSchema,
  distinct2: measureSchema,
  selfBleu: measureSchema,
  perplexity: measureSchema.describe('Perplexity of the texts under the base model'),
});

export const mauveOfSeedsSchema = mauveSettingsSchema.extend({
  mauve: measureSchema.describe('Mean over the seeds'),
  deviation: z.number().nullable().describe('Sample standard deviation over the seeds; null for one'),
  frontierIntegral: measureSchema.describe('Mean over the seeds'),
});

/** Measures of the texts against real test records. They are as private as the test set. */
export const againstRealSchema = z.strictObject({
  records: z.int().nonnegative().describe('Real test records that were compared'),
  mauve: z.array(mauveOfSeedsSchema),
  precision: measureSchema.describe('Computed on the embeddings'),
  recall: measureSchema,
  words: measureSchema.describe('Jensen-Shannon divergence of single words, bits'),
  wordPairs: measureSchema.describe('The same for pairs of neighbouring words'),
  tokenLengths: measureSchema.describe('Wasserstein distance, tokens of the language model'),
  characterLengths: measureSchema.describe('Wasserstein distance, code points'),
  realPerplexity: measureSchema.describe(
    'Perplexity of the real test records, behind their prefixes, under the model that wrote the texts',
  ),
});

/** The proxies of one corpus. */
export const corpusProxiesSchema = z.strictObject({
  source: proxySourceSchema,
  records: z.int().nonnegative().describe('Texts of the corpus that were compared'),
  alone: aloneSchema,
  againstReal: againstRealSchema.nullable().describe('null if it is withheld'),
});
export type CorpusProxies = z.infer<typeof corpusProxiesSchema>;

/** Proxies of every corpus of a run, and why others are missing. */
export const proxiesSchema = z.strictObject({
  corpora: z.array(corpusProxiesSchema),
  missing: z.array(z.strictObject({ source: proxySourceSchema, why: z.string() })),
});
export type Proxies = z.infer<typeof proxiesSchema>;

const adapter = artifactRefSchema.nullable();
const texts = z.array(artifactRefSchema).min(1);

/** Measures how similar one corpus is to the real test records. Cheaper than training a classifier. */
const job = z.strictObject({
  kind: z.literal('proxies'),
  ...jobBase,
  source: proxySourceSchema,
  model: z.string(),
  encoder: z.string(),
  template: templateSchema,
  adapter: adapter.describe(
    'Adapter of the model that wrote the texts; null for the base model and for real texts',
  ),
  texts,
  test: artifactRefSchema,
  settings: proxySettingsSchema.omit({ encoder: true }),
  maxTokens: z.int().min(2).describe('Tokens per text that its perplexity counts, as in training'),
});

const result = z.strictObject({
  proxies: artifactRefSchema.describe('A CorpusProxies, in private/: it was computed on the real test set'),
  ...origin,
});

export const proxies = {
  label: 'Measure proxies',
  settings: {
    proxies: proxySettingsSchema
      .optional()
      .describe('Measures how similar the texts are to the real test records; off if absent'),
  },
  activity: {
    type: 'proxies',
    queue: 'gpu',
    input: { source: proxySourceSchema, adapter, texts, test: artifactRefSchema },
    output: result,
  },
  jobs: { proxies: { job, result } },
  reported: {
    proxies: z
      .array(
        z.strictObject({
          source: proxySourceSchema,
          proxies: artifactRefSchema.nullable(),
          why: z.string().optional(),
        }),
      )
      .optional()
      .describe('Absent if they were not requested'),
  },
  data: { proxies: proxiesSchema.optional().describe('Absent if they were not requested') },
} as const satisfies Evaluation;
