import { z } from 'zod';
import {
  classifierBatch,
  classifierFields,
  classifierRate,
  classifierUpdates,
  dpBatch,
  dpFields,
} from './common.ts';

const trainedSchema = z
  .union([z.enum(['all', 'blocks']), z.strictObject({ lastBlocks: z.int().min(0) })])
  .describe(
    'Weights trained beside the head: all; those of the blocks, without the embeddings; or those of the last blocks (0 for none)',
  );

/** A public BERT-style encoder, fine-tuned with a linear head. */
export const encoderSchema = z.strictObject({
  kind: z.literal('encoder'),
  model: z
    .string()
    .min(1)
    .default('minilm-l6-v2')
    .describe('A BERT or DistilBERT encoder: a catalog name, hub:OWNER/NAME@COMMIT, or a folder'),
  pooling: z
    .enum(['mean', 'cls'])
    .default('mean')
    .describe('The sentence vector: the mean of the token vectors, or the vector of [CLS]'),
  trained: trainedSchema.default({ lastBlocks: 2 }),
  ...classifierFields,
  updates: classifierUpdates.default(60),
  batch: classifierBatch.default(64),
  learningRate: classifierRate.default(1e-3),
  dp: z
    .strictObject({
      ...dpFields,
      trained: trainedSchema.default({ lastBlocks: 0 }),
      expectedBatchSize: dpBatch.default(1024),
      updates: z.int().min(1).default(30),
      learningRate: z.number().positive().default(0.1),
    })
    .prefault({}),
});

export type EncoderConfig = z.infer<typeof encoderSchema>;
/** The weights of an encoder that are trained beside the head. */
export type TrainedWeights = z.infer<typeof trainedSchema>;
