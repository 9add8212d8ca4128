import { z } from 'zod';

/** Training stops once the loss on held-out training texts no longer falls, and the best classifier is kept. Never under DP. */
export const earlyStoppingSchema = z.strictObject({
  fraction: z.number().gt(0).lt(1).default(0.1).describe('Share of the training texts held out'),
  every: z.int().min(1).default(20).describe('Updates between two looks at them'),
  patience: z.int().min(1).default(3).describe('Looks in a row without a lower loss'),
});

const classifierFields = {
  updates: z
    .int()
    .min(1)
    .default(240)
    .describe('Of the optimizer, whatever the size of the corpus: equal compute for every row of the table'),
  batch: z.int().min(1).default(64).describe('Expected size: texts are drawn independently at each update'),
  maxTokens: z.int().min(5).default(48),
  seeds: z.int().min(1).max(20).default(3),
  earlyStopping: earlyStoppingSchema.optional(),
};

/** Of the row real-dp: its epsilon and delta are those of `privacy`. */
const dpFields = { clippingNorm: z.number().positive().default(1) };
const dpBatch = z.int().min(1).describe('At most n is used');

const wordCnnSchema = z.strictObject({
  kind: z.literal('wordcnn').default('wordcnn'),
  embedding: z
    .enum(['language-model', 'random'])
    .default('language-model')
    .describe("The public language model's token embeddings, or random ones"),
  widths: z.array(z.int().min(1).max(9)).min(1).default([3, 4, 5]),
  filters: z.int().min(1).default(100),
  pooling: z
    .enum(['max', 'mean'])
    .default('max')
    .describe('Over time: max is Kim 2014; mean stands label noise better'),
  dropout: z.number().min(0).lt(1).default(0.5),
  wordDropout: z.number().min(0).lt(1).default(0.5).describe('Share of tokens blanked while training'),
  ...classifierFields,
  learningRate: z.number().positive().default(3e-3).describe('At the start; it falls linearly to 0'),
  dp: z
    .strictObject({
      ...dpFields,
      expectedBatchSize: dpBatch.default(256),
      updates: z.int().min(1).default(100),
      learningRate: z.number().positive().default(3e-3),
      dropout: z.number().min(0).lt(1).default(0),
      wordDropout: z.number().min(0).lt(1).default(0),
    })
    .prefault({}),
});

/** Multinomial logistic regression on hashed words and pairs of words. */
const linearSchema = z.strictObject({
  kind: z.literal('linear'),
  buckets: z.int().min(16).max(1_048_576).default(32_768).describe('Of the hash'),
  ...classifierFields,
  learningRate: z.number().positive().default(0.1).describe('At the start; it falls linearly to 0'),
  dp: z
    .strictObject({
      ...dpFields,
      expectedBatchSize: dpBatch.default(1024),
      updates: z.int().min(1).default(30),
      learningRate: z.number().positive().default(0.3),
    })
    .prefault({}),
});

export const classifierSchema = z.discriminatedUnion('kind', [wordCnnSchema, linearSchema]);

export type ClassifierConfig = z.infer<typeof classifierSchema>;
export type WordCnnConfig = z.infer<typeof wordCnnSchema>;
export type LinearConfig = z.infer<typeof linearSchema>;
export type EarlyStoppingConfig = z.infer<typeof earlyStoppingSchema>;
