import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import { jobBase, origin } from '../job-base.ts';
import { templateSchema } from '../settings/template.ts';
import type { Evaluation } from './evaluation.ts';

/** Mean loss of the target tokens of real test records, in nats per token: perplexity is its exponential. */
export const heldOutLossSchema = z.strictObject({
  nats: z.number().nullable().describe('null where it is not finite'),
  tokens: z.int().nonnegative(),
  records: z.int().nonnegative(),
});
export type HeldOutLoss = z.infer<typeof heldOutLossSchema>;

const settings = z
  .int()
  .min(0)
  .max(100_000)
  .default(0)
  .describe(
    'Real test records on which the loss of the tuned and of the un-tuned model is measured; 0 is off. Where accuracy is too coarse',
  );

const adapter = artifactRefSchema.nullable();

/** The loss of real test records under a model: how far fine-tuning brought it to the text, more finely than accuracy. */
const job = z.strictObject({
  kind: z.literal('held-out'),
  ...jobBase,
  model: z.string(),
  template: templateSchema,
  adapter: adapter.describe('null is the un-tuned model'),
  test: artifactRefSchema,
  records: z.int().min(1).describe('Of the test set, its first ones'),
  maxTokens: z.int().min(2).describe('Target tokens kept of a record, as in training'),
});

const result = z.strictObject({
  loss: artifactRefSchema.describe('A HeldOutLoss, in private/: it was computed on the real test set'),
  ...origin,
});

export const heldOut = {
  label: 'Measure the loss of held-out text',
  settings: { heldOut: settings },
  activity: { type: 'heldOut', queue: 'gpu', input: { adapter, test: artifactRefSchema }, output: result },
  jobs: { 'held-out': { job, result } },
  reported: {
    heldOut: z
      .strictObject({ tuned: artifactRefSchema, untuned: artifactRefSchema })
      .optional()
      .describe('Absent where it was not asked for, or failed'),
  },
  data: {},
} as const satisfies Evaluation;
