import { z } from 'zod';
import { artifactRefSchema } from './artifact.ts';
import { type ActiveStage, EVALUATIONS, type Evaluations, reportedFields } from './evaluations/index.ts';
import { experimentSchema } from './experiment.ts';
import { chosenTextsSchema, preparedCorpusSchema, trainedSchema } from './jobs.ts';
import { mechanismPlanSchema } from './privacy.ts';
import { scoresSchema } from './scores.ts';
import { selectionPlanSchema } from './selection-plan.ts';

const base = { run: z.string(), config: experimentSchema };

/** Inputs and outputs of the activities: one object each, configs, references and numbers only. */
export const prepareInput = z.strictObject(base);
export const planInput = z.strictObject({ ...base, records: z.int() });
export const planOutput = z.strictObject({
  mechanism: mechanismPlanSchema.describe(
    'Of fine-tuning; of the selection if nothing is fine-tuned. Its epsilon is that of both together',
  ),
  selection: selectionPlanSchema.optional().describe('Absent where it was not asked for'),
  trainableParameters: z.int(),
  noiseToClippingRatio: z.number(),
  warnings: z.array(z.string()),
});
export const finetuneInput = z.strictObject({
  ...base,
  train: artifactRefSchema,
  plan: mechanismPlanSchema,
  microBatch: z.int().min(1),
});
export const sampleShardInput = z.strictObject({
  ...base,
  adapter: artifactRefSchema.nullable(),
  shard: z.int(),
  pool: z.literal(true).optional().describe('A shard of the pool that a selection chooses from'),
});
export const selectInput = z.strictObject({
  ...base,
  pool: z.array(artifactRefSchema).min(1),
  train: artifactRefSchema,
  plan: selectionPlanSchema,
});

type EvaluationInputs = {
  [S in ActiveStage]: Evaluations[S]['activity'] extends { input: infer Fields extends z.core.$ZodShape }
    ? z.ZodObject<typeof base & Fields, z.core.$strict>
    : never;
};
/** The inputs of the activities of evaluation stages, by stage. */
export const evaluationInputs = Object.fromEntries(
  Object.entries(EVALUATIONS).flatMap(([stage, entry]) =>
    'activity' in entry ? [[stage, z.strictObject({ ...base, ...entry.activity.input })]] : [],
  ),
) as EvaluationInputs;
export type EvaluationInput<S extends ActiveStage> = z.infer<EvaluationInputs[S]>;

export const reportInput = z.strictObject({
  ...base,
  startedAt: z.string(),
  prepared: preparedCorpusSchema,
  plan: planOutput,
  finetuned: trainedSchema.nullable().describe('null if nothing was fine-tuned'),
  synthetic: z
    .array(artifactRefSchema)
    .describe('Sampled shards: those that were selected from, if it was asked for'),
  zeroShot: z.array(artifactRefSchema),
  ...reportedFields,
  selected: chosenTextsSchema.optional().describe('Absent if no selection was asked for'),
});
/**
 * What fine-tuning was, for a table of runs. What it took depends on private records and stays in
 * the private area.
 */
export const trainingSummary = z.strictObject({
  epsilon: z.number().nullable().describe('null without DP'),
  trainableParameters: z.int(),
  cachedFrom: z.string().optional().describe('The run that trained, if it was an earlier one'),
});
export const reportOutput = z.strictObject({
  report: artifactRefSchema.describe('private/: everything'),
  release: artifactRefSchema
    .nullable()
    .describe(
      'The committed manifest of the release area; null for a trial of a sweep, which is released with ' +
        'the others',
    ),
  releaseReport: artifactRefSchema.nullable(),
  synthetic: artifactRefSchema.describe('The merged synthetic corpus, JSONL'),
  syntheticRecords: z.int(),
  scores: artifactRefSchema.describe('private/ scores.json'),
  published: scoresSchema.nullable().describe('Scores, only where corpus.testSetIsPublic'),
  statement: z.string().describe('The privacy statement in one line'),
  training: trainingSummary.optional().describe('Absent in runs of version 0.1.0 and before'),
});
/** The releases that one was chosen from, and what they cost together. */
export const chosenFromSchema = z.strictObject({
  sweep: z.string(),
  trainings: z.int().positive().describe('Releases of private records among its runs, each counted once'),
  epsilon: z.number().nonnegative().describe('Of all of them composed'),
  delta: z.number().positive(),
  withoutPrivacy: z.int().nonnegative().describe('Runs that have no guarantee at all'),
});
export type ChosenFrom = z.infer<typeof chosenFromSchema>;

export const releaseTrialsInput = z.strictObject({ sweep: z.string(), runs: z.array(z.string()) });
export const releasedTrialsSchema = z.array(z.strictObject({ run: z.string(), release: artifactRefSchema }));
export type ReleaseTrialsInput = z.infer<typeof releaseTrialsInput>;
export type ReleasedTrials = z.infer<typeof releasedTrialsSchema>;

export const findFinishedInput = z.strictObject(base);

export type PrepareInput = z.infer<typeof prepareInput>;
export type PlanInput = z.infer<typeof planInput>;
export type PlanOutput = z.infer<typeof planOutput>;
export type FinetuneInput = z.infer<typeof finetuneInput>;
export type SampleShardInput = z.infer<typeof sampleShardInput>;
export type SelectInput = z.infer<typeof selectInput>;
export type FindFinishedInput = z.infer<typeof findFinishedInput>;
export type ReportInput = z.infer<typeof reportInput>;
export type ReportOutput = z.infer<typeof reportOutput>;
export type TrainingSummary = z.infer<typeof trainingSummary>;
