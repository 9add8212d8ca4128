import { z } from 'zod';
import { labelSchema } from './corpus.ts';

const samplingFilterSchema = z
  .strictObject({
    placeholders: z.boolean().default(true).describe('Texts with places that were not filled in: [name]'),
    instructions: z
      .boolean()
      .default(true)
      .describe('Texts that repeat their instruction, or begin with "Sure, here is"'),
    duplicates: z
      .boolean()
      .default(true)
      .describe('Texts equal to an earlier one but for case and white space'),
    empty: z.boolean().default(true).describe('Texts without a letter, digit or symbol'),
    retries: z
      .int()
      .min(0)
      .max(20)
      .default(2)
      .describe('How often a removed text is written anew; what then falls away is missing in the corpus'),
  })
  .describe('Public rules: sampled texts that they remove are not released');
export type SamplingFilter = z.infer<typeof samplingFilterSchema>;

export const samplingSchema = z.strictObject({
  records: z.int().min(1).default(550),
  shards: z.int().min(1).max(1000).default(2),
  maxTokens: z.int().min(1).max(4096).default(48),
  minTokens: z.int().min(0).default(1).describe('A text cannot end before it has this many tokens'),
  temperature: z.number().min(0).default(1),
  repetitionPenalty: z
    .number()
    .positive()
    .default(1)
    .describe('Makes tokens that are already in the text less likely (CTRL, arXiv 1909.05858). 1 is off'),
  topK: z.int().min(0).default(0).describe('Sample from the k most likely tokens. 0 is off'),
  topP: z.number().gt(0).max(1).default(0.95),
  labels: z
    .union([z.literal('uniform'), z.record(labelSchema, z.number().nonnegative())])
    .default('uniform')
    .describe('The same number of texts for each label, or public proportions'),
  batch: z.int().min(1).max(1024).default(64),
  endAtSentence: z
    .boolean()
    .optional()
    .describe('A text that maxTokens cuts ends at its last whole sentence, if it has one. Off if absent'),
  filter: samplingFilterSchema.optional().describe('{} is all rules; no rule if absent'),
});

export type SamplingConfig = z.infer<typeof samplingSchema>;
