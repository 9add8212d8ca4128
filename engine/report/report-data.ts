import { z } from 'zod';
import { areaSchema, storedArtifactSchema } from '../../schemas/artifact.ts';
import { experimentSchema } from '../../schemas/experiment.ts';
import { proxiesSchema } from '../../schemas/proxies.ts';
import { labelledTextSchema } from '../../schemas/records.ts';
import { type intervalSchema, scoresSchema } from '../../schemas/scores.ts';
import { textCountsSchema } from '../../schemas/text-counts.ts';
import { tuningSchema } from '../../schemas/tuning.ts';
import { textStatisticsSchema } from './figures/text-statistics.ts';

export type Interval = z.infer<typeof intervalSchema>;

/** The privacy statement: one line, the full text in paragraphs parted by blank lines, and a table of facts. */
export const statementTextSchema = z.object({
  line: z.string(),
  long: z.string(),
  facts: z.array(z.tuple([z.string(), z.string()]).readonly()).readonly(),
});

/** What the plan said before the run. */
export const planSummarySchema = z.strictObject({
  noiseMultiplier: z.number().describe('0 where the run has no privacy'),
  delta: z.number().nullable().describe('The delta in force; null without privacy'),
  samplingRate: z.number(),
  trainableParameters: z.number(),
  noiseToClippingRatio: z
    .number()
    .describe('sigma * sqrt(d) / expected batch size: the noise of one update in units of the clipping norm'),
  warnings: z.array(z.string()).readonly(),
});

const measured = z.number().nullable();

/** One step of fine-tuning, computed on private records: never in a release. Losses are nats, as `lossNormalisation` has them. */
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
    .describe('Parts whose result an earlier run had made: their work is not in `seconds`'),
  readsPrivate: z
    .boolean()
    .describe('The stage reads private records: its time and memory then depend on them'),
});

export const lineageEntrySchema = z.strictObject({
  name: z.string(),
  area: areaSchema,
  ref: storedArtifactSchema,
});
export type LineageEntry = z.infer<typeof lineageEntrySchema>;

const records = z.array(labelledTextSchema).readonly();

/** Where the private area keeps the data of a run's report. */
export const REPORT_DATA_FILE = 'report-data.json';

/**
 * Everything that a report page is made of; kept in the private area, so that a page can be made again and runs be compared.
 * Sample records are synthetic or zero-shot, never real ones.
 */
export const reportDataSchema = z.strictObject({
  version: z
    .enum(['private', 'release'])
    .describe('private shows all; release shows only what may be published'),
  run: z.string(),
  createdAt: z.string(),
  codeVersion: z.string(),
  config: experimentSchema,
  trainingRecords: z.number().describe('n. Treated as public, as the privacy statement says'),
  syntheticRecords: z.number(),
  statement: statementTextSchema,
  plan: planSummarySchema,
  scores: scoresSchema.nullable(),
  tuning: tuningSchema.optional().describe('Absent where it was not asked for'),
  proxies: proxiesSchema.optional().describe('Absent where they were not asked for'),
  samples: z.strictObject({ synthetic: records, zeroShot: records }),
  textCounts: z
    .strictObject({ synthetic: textCountsSchema.optional(), zeroShot: textCountsSchema.optional() })
    .optional()
    .describe('What became of the texts that were sampled; absent in runs of version 0.1.0 and before'),
  texts: textStatisticsSchema.nullable().describe('null where they are withheld'),
  trainingCurve: z.array(trainingPointSchema).readonly(),
  stages: z.array(stageCostSchema).readonly(),
  lineage: z.array(lineageEntrySchema).readonly(),
});
export type ReportData = z.infer<typeof reportDataSchema>;
