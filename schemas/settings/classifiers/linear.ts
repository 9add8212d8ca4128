import { z } from 'zod';
import { classifierFields, classifierRate, dpBatch, dpFields } from './common.ts';

/** Multinomial logistic regression on hashed words and pairs of words. */
export const linearSchema = z.strictObject({
  kind: z.literal('linear'),
  buckets: z.int().min(16).max(1_048_576).default(32_768).describe('Number of hash buckets'),
  ...classifierFields,
  learningRate: classifierRate.default(0.1),
  dp: z
    .strictObject({
      ...dpFields,
      expectedBatchSize: dpBatch.default(1024),
      updates: z.int().min(1).default(30),
      learningRate: z.number().positive().default(0.3),
    })
    .prefault({}),
});

export type LinearConfig = z.infer<typeof linearSchema>;
