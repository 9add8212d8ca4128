import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import { jobBase, origin } from '../job-base.ts';
import { measureSchema } from '../measure.ts';
import { classifierSchema } from '../settings/classifier.ts';
import type { Evaluation } from './evaluation.ts';

/** Searches classifier settings on synthetic texts, with two searches on real texts as a reference. */
export const tuningSettingsSchema = z.strictObject({
  space: z
    .record(z.string(), z.array(z.json()).min(1))
    .describe('Settings of the classifier by name, each with the values to try'),
  count: z
    .int()
    .min(2)
    .optional()
    .describe('Number of settings drawn from the grid by the public seed; all of them without it'),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the synthetic texts of each label on which the synthetic search is scored'),
});

export type TuningSettings = z.infer<typeof tuningSettingsSchema>;

/**
 * The searches. One is on synthetic texts and is scored on a held-out part of them. Two are on the real
 * records and are scored on the real test set. These two differ only in their seed, so they show how much
 * chance moves a ranking.
 */
export const tuningSourceSchema = z.enum(['synthetic', 'real', 'real-again']);
export type TuningSource = z.infer<typeof tuningSourceSchema>;

/** Settings of one classifier of a search that replace those of the experiment. */
export const triedSettingsSchema = z.record(z.string(), z.json());
export type TriedSettings = z.infer<typeof triedSettingsSchema>;

export const tuningSearchSchema = z.strictObject({
  source: tuningSourceSchema,
  seed: z.int().describe('Seed of each classifier of the search'),
  trainingRecords: z.int().nonnegative(),
  scoredRecords: z.int().nonnegative(),
  searched: z
    .array(
      z.strictObject({
        settings: triedSettingsSchema,
        score: z.number().nullable().describe('Balanced accuracy; null if training diverged'),
      }),
    )
    .describe('In the same order in every search'),
  best: z
    .int()
    .nonnegative()
    .nullable()
    .describe('Index of the best score, the first among equals; null if all diverged'),
});
export type TuningSearch = z.infer<typeof tuningSearchSchema>;

/**
 * How similarly two searches rank the same settings, and what it costs to choose by one of them when
 * the other counts.
 */
export const rankAgreementSchema = z.strictObject({
  rankBiasedOverlap: measureSchema.describe('Overlap of the best quarters'),
  spearman: measureSchema,
  kendall: measureSchema,
  regret: measureSchema.describe('In balanced accuracy'),
});
export type RankAgreement = z.infer<typeof rankAgreementSchema>;

/** Agreement of the synthetic search with a real one, compared with the agreement of the two real ones. */
export const tuningSchema = z.strictObject({
  searches: z.array(tuningSearchSchema),
  missing: z.array(z.strictObject({ source: tuningSourceSchema, why: z.string() })),
  agreement: z.strictObject({
    synthetic: rankAgreementSchema.nullable().describe('Synthetic against real; null if one is missing'),
    real: rankAgreementSchema
      .nullable()
      .describe('The second real search against the first; null if one is missing'),
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
    .describe(
      'Held-out share of the training texts of each label, which no classifier sees; or test records',
    ),
  classifier: classifierSchema,
  settings: z.array(triedSettingsSchema).min(2).describe('Replace settings of the classifier'),
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
  // Its wire name is `tune`, in the type of the activity, the kind of the job and the start of
  // the step's name.
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
      .describe('Absent if it was not requested'),
  },
  data: { tuning: tuningSchema.optional().describe('Absent if it was not requested') },
} as const satisfies Evaluation;
