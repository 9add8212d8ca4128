import { z } from 'zod';
import { measureSchema } from './measure.ts';

/**
 * The searches: on synthetic texts, where a held-out part of them is scored, and two on the real records,
 * where the real test set is. These differ in their seed alone, so they say how far chance moves a ranking.
 */
export const tuningSourceSchema = z.enum(['synthetic', 'real', 'real-again']);
export type TuningSource = z.infer<typeof tuningSourceSchema>;

/** What one classifier of a search has in place of the settings of the experiment. */
export const triedSettingsSchema = z.record(z.string(), z.json());
export type TriedSettings = z.infer<typeof triedSettingsSchema>;

export const tuningSearchSchema = z.strictObject({
  source: tuningSourceSchema,
  seed: z.int().describe('Of each classifier of the search'),
  trainingRecords: z.int().nonnegative(),
  scoredRecords: z.int().nonnegative(),
  searched: z
    .array(
      z.strictObject({
        settings: triedSettingsSchema,
        score: z.number().nullable().describe('Balanced accuracy; null where training diverged'),
      }),
    )
    .describe('In the same order in every search'),
  best: z
    .int()
    .nonnegative()
    .nullable()
    .describe('Index of the best score, of the first among equals; null where all diverged'),
});
export type TuningSearch = z.infer<typeof tuningSearchSchema>;

/**
 * How alike two searches rank the same settings, and what it costs to choose by the one when
 * the other counts.
 */
export const rankAgreementSchema = z.strictObject({
  rankBiasedOverlap: measureSchema.describe('Of the best quarter'),
  spearman: measureSchema,
  kendall: measureSchema,
  regret: measureSchema.describe('In balanced accuracy'),
});
export type RankAgreement = z.infer<typeof rankAgreementSchema>;

/** What tuning on synthetic found, beside real against real. */
export const tuningSchema = z.strictObject({
  searches: z.array(tuningSearchSchema),
  missing: z.array(z.strictObject({ source: tuningSourceSchema, why: z.string() })),
  agreement: z.strictObject({
    synthetic: rankAgreementSchema.nullable().describe('Synthetic against real; null where one is missing'),
    real: rankAgreementSchema.nullable().describe('Real again against real; null where one is missing'),
  }),
});
export type Tuning = z.infer<typeof tuningSchema>;
