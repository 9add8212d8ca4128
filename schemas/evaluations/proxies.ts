import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import { jobBase, origin } from '../job-base.ts';
import { measureSchema } from '../measure.ts';
import { scoreSourceSchema } from '../scores.ts';
import { templateSchema } from '../settings/template.ts';
import type { Evaluation } from './evaluation.ts';

/** One way to compute MAUVE. Scores of unlike settings are not comparable. */
export const mauveSettingsSchema = z.strictObject({
  buckets: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe('Clusters of both sides together; null is a tenth of the smaller side'),
  scaling: z.number().positive().default(5).describe('The constant c: the larger, the lower the score'),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .max(20)
    .default([25, 26, 27])
    .describe('Of the first centroids; the score is the mean'),
});

/** Cheap numbers that hint at accuracy: how like the texts of a corpus are to the real test records. */
export const proxySettingsSchema = z.strictObject({
  records: z
    .int()
    .min(1)
    .max(20_000)
    .default(500)
    .describe('Texts of each side at most, evenly spread over its records'),
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
    .describe('Several settings at once share the embeddings'),
  perplexityRecords: z
    .int()
    .min(0)
    .max(20_000)
    .default(100)
    .describe('Texts whose perplexity is measured; 0 is off. What needs most time'),
});

export type ProxySettings = z.infer<typeof proxySettingsSchema>;
export type MauveSettingsOfRun = z.infer<typeof mauveSettingsSchema>;

/** What is compared with the real test records. `real` is a sample of the training records: what a perfect corpus would reach. */
export const proxySourceSchema = scoreSourceSchema.extract(['zero-shot', 'synthetic', 'real']);
export type ProxySource = z.infer<typeof proxySourceSchema>;

/** Of the texts alone. Of a corpus behind the mechanism these are post-processing, and may be released. */
export const aloneSchema = z.strictObject({
  distinct1: measureSchema,
  distinct2: measureSchema,
  selfBleu: measureSchema,
  perplexity: measureSchema.describe('Of the texts under the model before fine-tuning'),
});

export const mauveOfSeedsSchema = mauveSettingsSchema.extend({
  mauve: measureSchema.describe('Mean over the seeds'),
  deviation: z.number().nullable().describe('Sample standard deviation over the seeds; null for one'),
  frontierIntegral: measureSchema.describe('Mean over the seeds'),
});

/** Of the texts against real test records: as private as the test set. */
export const againstRealSchema = z.strictObject({
  records: z.int().nonnegative().describe('Real test records that were looked at'),
  mauve: z.array(mauveOfSeedsSchema),
  precision: measureSchema.describe('Of the embeddings'),
  recall: measureSchema,
  words: measureSchema.describe('Jensen-Shannon divergence of single words, bits'),
  wordPairs: measureSchema.describe('The same of neighbouring words'),
  tokenLengths: measureSchema.describe('Wasserstein distance, tokens of the language model'),
  characterLengths: measureSchema.describe('Wasserstein distance, code points'),
  realPerplexity: measureSchema.describe(
    'Of the real test records, behind their prefixes, under the model that wrote the texts',
  ),
});

/** The proxies of one corpus. */
export const corpusProxiesSchema = z.strictObject({
  source: proxySourceSchema,
  records: z.int().nonnegative().describe('Texts of the corpus that were looked at'),
  alone: aloneSchema,
  againstReal: againstRealSchema.nullable().describe('null where it is withheld'),
});
export type CorpusProxies = z.infer<typeof corpusProxiesSchema>;

/** The proxies of every corpus of a run, and why others are missing. */
export const proxiesSchema = z.strictObject({
  corpora: z.array(corpusProxiesSchema),
  missing: z.array(z.strictObject({ source: proxySourceSchema, why: z.string() })),
});
export type Proxies = z.infer<typeof proxiesSchema>;

const adapter = artifactRefSchema.nullable();
const texts = z.array(artifactRefSchema).min(1);

/** How like one corpus is to the real test records, in numbers that are cheaper than a classifier. */
const job = z.strictObject({
  kind: z.literal('proxies'),
  ...jobBase,
  source: proxySourceSchema,
  model: z.string(),
  encoder: z.string(),
  template: templateSchema,
  adapter: adapter.describe(
    'Of the model that wrote the texts; null is the un-tuned model, and that of real texts',
  ),
  texts,
  test: artifactRefSchema,
  settings: proxySettingsSchema.omit({ encoder: true }),
  maxTokens: z.int().min(2).describe('Tokens of a text that its perplexity counts, as in training'),
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
      .describe('How like the texts are to the real test records: absent is off'),
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
      .describe('Absent where they were not asked for'),
  },
  data: { proxies: proxiesSchema.optional().describe('Absent where they were not asked for') },
} as const satisfies Evaluation;
