import { z } from 'zod';
import { measureSchema } from './measure.ts';
import { scoreSourceSchema } from './scores.ts';
import { mauveSettingsSchema } from './settings/proxies.ts';

/**
 * What is compared with the real test records. `real` is a sample of the training records: what a perfect
 * corpus would reach.
 */
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
