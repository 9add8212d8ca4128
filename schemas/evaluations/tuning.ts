import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import { jobBase, origin } from '../job-base.ts';
import { measureSchema } from '../measure.ts';
import { classifierSchema } from '../settings/classifier.ts';
import type { Evaluation } from './evaluation.ts';

/** A search of classifier settings on synthetic texts, with two searches on real ones as its reference. */
export const tuningSettingsSchema = z.strictObject({
  space: z
    .record(z.string(), z.array(z.json()).min(1))
    .describe('Settings of the classifier by name, each with the values to try'),
  count: z
    .int()
    .min(2)
    .optional()
    .describe('So many settings of the grid, by the public seed; all of them without it'),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the synthetic texts of each label that the synthetic search scores on'),
});

export type TuningSettings = z.infer<typeof tuningSettingsSchema>;

/**
 * The searches: on synthetic texts, where a held-out part of them is scored, and two on the real records, where the real
 * test set is. These differ in their seed alone, so they say how far chance moves a ranking.
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

/** How alike two searches rank the same settings, and what it costs to choose by the one when the other counts. */
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

const train = z.array(artifactRefSchema).min(1);

/** Trains and scores one classifier with each of the settings. */
const job = z.strictObject({
  kind: z.literal('tune'),
  ...jobBase,
  source: tuningSourceSchema,
  model: z.string(),
  labels: z.array(z.string()),
  train,
  scoredOn: z
    .union([
      z.strictObject({ heldOutFraction: z.number().gt(0).lt(1) }),
      z.strictObject({ test: artifactRefSchema }),
    ])
    .describe('A share of the training texts of each label, which no classifier then sees; or test records'),
  classifier: classifierSchema,
  settings: z.array(triedSettingsSchema).min(2).describe('In place of those of the classifier'),
  seed: z.int(),
});

const result = z.strictObject({
  search: artifactRefSchema.describe('A TuningSearch, in private/'),
  ...origin,
});

export const tuning = {
  label: 'Search classifier settings',
  settings: {
    tuning: tuningSettingsSchema
      .optional()
      .describe('Searches classifier settings on synthetic and on real texts; off without it'),
  },
  // On the wire it is `tune`: the type of the activity, the kind of the job, the start of the step's name.
  activity: {
    type: 'tune',
    queue: 'cpu',
    input: {
      source: tuningSourceSchema,
      train,
      test: artifactRefSchema.nullable().describe('null: a part of the training texts is scored'),
    },
    output: result,
  },
  jobs: { tune: { job, result } },
  reported: {
    tuning: z
      .array(
        z.strictObject({
          source: tuningSourceSchema,
          search: artifactRefSchema.nullable(),
          why: z.string().optional(),
        }),
      )
      .optional()
      .describe('Absent where it was not asked for'),
  },
  data: { tuning: tuningSchema.optional().describe('Absent where it was not asked for') },
} as const satisfies Evaluation;
