import { z } from 'zod';
import { dpPlanSchema } from './privacy.ts';

const metric = z.number().nullable();

/** Metrics of one set of predictions on the real test set. `null` where a metric is not defined. */
export const metricsSchema = z.strictObject({
  accuracy: metric,
  balancedAccuracy: metric,
  macroF1: metric,
});
export type Metrics = z.infer<typeof metricsSchema>;

export const perClassSchema = z.strictObject({
  label: z.string(),
  support: z.int().nonnegative(),
  precision: metric,
  recall: metric,
});

export const intervalSchema = z.strictObject({ low: z.number(), high: z.number() });

/** The rows of the result table: what the classifier was trained on. */
export const scoreSourceSchema = z.enum(['majority', 'zero-shot', 'synthetic', 'real-dp', 'real']);
export type ScoreSource = z.infer<typeof scoreSourceSchema>;

/** What classifiers trained on the private records themselves spend. None of it belongs to the budget of the release. */
export const rowPrivacySchema = z.strictObject({
  plan: dpPlanSchema.describe('Of the classifier of one seed'),
  epsilonOfSeeds: z.number().describe('Of the classifiers of all seeds together, at the same delta'),
});

/** One row of the result table: mean over seeds, with a bootstrap interval over test records and seeds. */
export const scoreRowSchema = z.strictObject({
  source: scoreSourceSchema,
  trainingRecords: z.int().nonnegative(),
  privacy: rowPrivacySchema.optional().describe('Of the row real-dp'),
  seeds: z.array(z.strictObject({ seed: z.int(), metrics: metricsSchema })),
  mean: metricsSchema,
  deviation: metricsSchema.describe('Sample standard deviation over the seeds; null for one seed'),
  intervals: z.strictObject({
    accuracy: intervalSchema.nullable(),
    balancedAccuracy: intervalSchema.nullable(),
    macroF1: intervalSchema.nullable(),
  }),
  perClass: z.array(perClassSchema),
  confusion: z
    .array(z.array(z.number()))
    .describe('[true label, predicted label], in the order of labels, summed over the seeds'),
});
export type ScoreRow = z.infer<typeof scoreRowSchema>;

/** Mean loss of the target tokens of real test records, in nats a token: perplexity is its exponential. */
export const heldOutLossSchema = z.strictObject({
  nats: z.number().nullable().describe('null where it is not finite'),
  tokens: z.int().nonnegative(),
  records: z.int().nonnegative(),
});
export type HeldOutLoss = z.infer<typeof heldOutLossSchema>;

export const scoresSchema = z.strictObject({
  labels: z.array(z.string()),
  testRecords: z.int().nonnegative(),
  confidence: z.number(),
  rows: z.array(scoreRowSchema),
  missing: z.array(z.strictObject({ source: scoreSourceSchema, why: z.string() })),
  heldOut: z
    .strictObject({ tuned: heldOutLossSchema, untuned: heldOutLossSchema })
    .optional()
    .describe('Absent where it was not asked for, or failed'),
});
export type Scores = z.infer<typeof scoresSchema>;
