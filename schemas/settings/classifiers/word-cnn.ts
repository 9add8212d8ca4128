import { z } from 'zod';
import { classifierFields, classifierRate, dpBatch, dpFields } from './common.ts';

/** The WordCNN of Kim 2014. */
export const wordCnnSchema = z.strictObject({
  kind: z.literal('wordcnn').default('wordcnn'),
  embedding: z
    .enum(['language-model', 'random'])
    .default('language-model')
    .describe('The token embeddings of the public language model, or random ones'),
  widths: z.array(z.int().min(1).max(9)).min(1).default([3, 4, 5]),
  filters: z.int().min(1).default(100),
  pooling: z
    .enum(['max', 'mean'])
    .default('max')
    .describe('Pooling over positions: max as in Kim 2014; mean tolerates label noise better'),
  dropout: z.number().min(0).lt(1).default(0.5),
  wordDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe('Share of tokens that are blanked during training'),
  ...classifierFields,
  learningRate: classifierRate.default(3e-3),
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

export type WordCnnConfig = z.infer<typeof wordCnnSchema>;
