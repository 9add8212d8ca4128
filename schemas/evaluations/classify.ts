import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import { jobBase, origin } from '../job-base.ts';
import { releaseNameSchema } from '../release-name.ts';
import { scoreSourceSchema } from '../scores.ts';
import { classifierSchema } from '../settings/classifier.ts';
import { privacySchema } from '../settings/privacy.ts';
import type { Evaluation } from './evaluation.ts';

/** How certain the scores are. */
export const intervalSettings = {
  bootstrap: z.int().min(100).default(1000).describe('Resamples of the test set'),
  confidence: z.number().gt(0.5).lt(1).default(0.95),
};

const evaluation = z.strictObject(intervalSettings);
const train = z.array(artifactRefSchema).min(1);

/** One row of the result table: trains classifiers on one source and scores them on the real test set. */
const classifyJob = z.strictObject({
  kind: z.literal('classify'),
  ...jobBase,
  source: scoreSourceSchema.exclude(['majority']),
  model: z.string(),
  labels: z.array(z.string()),
  train,
  share: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('Train on this share of the texts of each label only: the first ones of a public shuffle'),
  test: artifactRefSchema,
  classifier: classifierSchema,
  privacy: privacySchema
    .pick({ epsilon: true, delta: true, accountant: true })
    .optional()
    .describe('Of the row real-dp: what the classifier of each seed may spend'),
  evaluation,
  seed: z.int(),
});

/** The row of predicting the most common real training label always. */
const majorityJob = z.strictObject({
  kind: z.literal('majority'),
  ...jobBase,
  labels: z.array(z.string()),
  train: artifactRefSchema,
  test: artifactRefSchema,
  evaluation,
  seed: z.int(),
});

export const classifiedSchema = z.strictObject({
  row: artifactRefSchema.describe('A ScoreRow, in private/: it was computed on the real test set'),
  predictions: artifactRefSchema
    .optional()
    .describe('Predictions of the row, in private/; absent in runs of version 0.1.0 and before'),
  ...origin,
});
export type Classified = z.infer<typeof classifiedSchema>;

/** What classification hands on. */
export const scoredSchema = classifiedSchema.extend({
  release: releaseNameSchema.optional().describe('Of the row real-dp, which spends a budget'),
});
export type Scored = z.infer<typeof scoredSchema>;

export const classify = {
  label: 'Train and score classifiers',
  settings: {},
  activity: {
    type: 'classify',
    queue: 'cpu',
    input: {
      source: scoreSourceSchema,
      train,
      share: z.number().optional().describe('Of the synthetic texts of each label; all without it'),
      test: artifactRefSchema,
    },
    output: scoredSchema,
  },
  jobs: {
    classify: { job: classifyJob, result: classifiedSchema },
    majority: { job: majorityJob, result: classifiedSchema },
  },
  reported: {
    rows: z.array(
      z.strictObject({
        source: scoreSourceSchema,
        row: artifactRefSchema.nullable(),
        predictions: artifactRefSchema.optional().describe('Of the row, where its job kept them'),
        why: z.string().optional(),
      }),
    ),
  },
  data: {},
} as const satisfies Evaluation;
