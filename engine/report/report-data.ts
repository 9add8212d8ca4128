import { z } from 'zod';
import { areaSchema, storedArtifactSchema } from '../../schemas/artifact.ts';
import { evaluationData } from '../../schemas/evaluations/index.ts';
import { experimentSchema } from '../../schemas/experiment.ts';
import { labelledTextSchema } from '../../schemas/records.ts';
import { type intervalSchema, scoresSchema } from '../../schemas/scores.ts';
import { selectionSummarySchema } from '../../schemas/selection.ts';
import { textCountsSchema } from '../../schemas/text-counts.ts';
import { textStatisticsSchema } from './figures/text-statistics.ts';

export type Interval = z.infer<typeof intervalSchema>;

/**
 * The privacy statement: one line, the full text with blank lines between paragraphs, and a table of facts.
 */
export const statementTextSchema = z.object({
  line: z.string(),
  long: z.string(),
  facts: z.array(z.tuple([z.string(), z.string()]).readonly()).readonly(),
});

/** The numbers of the plan made before the run. */
export const planSummarySchema = z.strictObject({
  noiseMultiplier: z.number().describe('0 if the run has no privacy'),
  delta: z.number().nullable().describe('The delta in force; null without privacy'),
  samplingRate: z.number(),
  trainableParameters: z.number(),
  noiseToClippingRatio: z
    .number()
    .describe('sigma * sqrt(d) / expected batch size: the noise of one update in units of the clipping norm'),
  warnings: z.array(z.string()).readonly(),
});

const measured = z.number().nullable();

/**
 * One step of fine-tuning, computed on private records and so never in a release. Losses are nats, normalised
 * by `lossNormalisation`.
 */
export const trainingPointSchema = z.strictObject({
  step: z.number(),
  loss: measured,
  clippedFraction: measured,
  gradientNorm: measured.optional(),
  drawn: z.number().optional(),
});
export type TrainingPoint = z.infer<typeof trainingPointSchema>;

export const stageCostSchema = z.strictObject({
  stage: z.string(),
  seconds: z.number(),
  peakRssBytes: z.number().optional(),
  cached: z
    .number()
    .optional()
    .describe('Number of parts reused from an earlier run; their time is not in `seconds`'),
  readsPrivate: z
    .boolean()
    .describe('The stage reads private records, so its time and memory depend on them'),
});

export const lineageEntrySchema = z.strictObject({
  name: z.string(),
  area: areaSchema,
  ref: storedArtifactSchema,
});
export type LineageEntry = z.infer<typeof lineageEntrySchema>;

const records = z.array(labelledTextSchema).readonly();

/**
 * All the data of a report page. They are kept in the private area, so that a page can be made again and runs
 * can be compared. Sample records are synthetic or zero-shot, never real.
 */
export const reportDataSchema = z.strictObject({
  version: z
    .enum(['private', 'release'])
    .describe('`private` shows everything; `release` shows only what may be published'),
  run: z.string(),
  createdAt: z.string(),
  codeVersion: z.string(),
  config: experimentSchema,
  trainingRecords: z.number().describe('n; treated as public, as the privacy statement says'),
  syntheticRecords: z.number(),
  statement: statementTextSchema,
  plan: planSummarySchema,
  scores: scoresSchema.nullable(),
  selection: selectionSummarySchema.optional().describe('Absent if it was not requested'),
  ...evaluationData,
  samples: z.strictObject({ synthetic: records, zeroShot: records }),
  textCounts: z
    .strictObject({ synthetic: textCountsSchema.optional(), zeroShot: textCountsSchema.optional() })
    .optional()
    .describe(
      'What became of the texts that were sampled (of the pool, with a selection); absent in runs of version 0.1.0 and before',
    ),
  texts: textStatisticsSchema.nullable().describe('null if they are withheld'),
  trainingCurve: z.array(trainingPointSchema).readonly(),
  stages: z.array(stageCostSchema).readonly(),
  lineage: z.array(lineageEntrySchema).readonly(),
});
export type ReportData = z.infer<typeof reportDataSchema>;
