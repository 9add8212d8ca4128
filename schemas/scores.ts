import { z } from 'zod';
import { heldOutLossSchema } from './evaluations/held-out.ts';
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

/** A percentile interval for each metric; `null` where one is not defined. */
export const metricIntervalsSchema = z.strictObject({
  accuracy: intervalSchema.nullable(),
  balancedAccuracy: intervalSchema.nullable(),
  macroF1: intervalSchema.nullable(),
});
export type MetricIntervals = z.infer<typeof metricIntervalsSchema>;

/** The rows of the result table: what the classifier was trained on. */
export const scoreSourceSchema = z.enum(['majority', 'zero-shot', 'synthetic', 'real-dp', 'real']);
export type ScoreSource = z.infer<typeof scoreSourceSchema>;

/**
 * What classifiers trained on the private records themselves spend. None of it belongs to the budget
 * of the release.
 */
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
  intervals: metricIntervalsSchema,
  perClass: z.array(perClassSchema),
  confusion: z
    .array(z.array(z.number()))
    .describe('[true label, predicted label], in the order of labels, summed over the seeds'),
});
export type ScoreRow = z.infer<typeof scoreRowSchema>;

/**
 * Classes that the classifiers of a row gave to the test records, in the order of the test set. Private, as
 * the records are.
 */
export const predictionsSchema = z.strictObject({
  truth: z.array(z.int().nonnegative()).describe('[records], indices into the labels'),
  runs: z
    .array(z.strictObject({ seed: z.int(), predicted: z.array(z.int().nonnegative()) }))
    .min(1)
    .describe('One a seed; predicted is [records]'),
});
export type Predictions = z.infer<typeof predictionsSchema>;

/**
 * The row synthetic minus another one, on the same test records: a paired bootstrap draws the same
 * ones for both.
 */
export const differenceSchema = z.strictObject({
  minus: scoreSourceSchema,
  mean: metricsSchema.describe('Difference of the means over the seeds'),
  intervals: metricIntervalsSchema,
});
export type Difference = z.infer<typeof differenceSchema>;

/** Classifiers trained on a share of the synthetic corpus: the first texts of each label in a public shuffle, so that smaller shares lie within larger ones. */
export const amountSchema = scoreRowSchema
  .pick({ trainingRecords: true, seeds: true, mean: true, deviation: true, intervals: true })
  .extend({ share: z.number() });
export type Amount = z.infer<typeof amountSchema>;

export const amountsSchema = z.strictObject({
  points: z.array(amountSchema).describe('By rising share. The whole corpus is the row synthetic'),
  missing: z.array(z.strictObject({ share: z.number(), why: z.string() })),
});
export type Amounts = z.infer<typeof amountsSchema>;

export const scoresSchema = z.strictObject({
  labels: z.array(z.string()),
  testRecords: z.int().nonnegative(),
  confidence: z.number(),
  rows: z.array(scoreRowSchema),
  missing: z.array(z.strictObject({ source: scoreSourceSchema, why: z.string() })),
  differences: z
    .array(differenceSchema)
    .optional()
    .describe('Absent where there is no synthetic row, and in runs of version 0.1.0 and before'),
  heldOut: z
    .strictObject({ tuned: heldOutLossSchema, untuned: heldOutLossSchema })
    .optional()
    .describe('Absent where it was not asked for, or failed'),
  amounts: amountsSchema.optional().describe('Absent where it was not asked for'),
});
export type Scores = z.infer<typeof scoresSchema>;
