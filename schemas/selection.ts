import { z } from 'zod';
import { artifactRefSchema } from './artifact.ts';
import { selectionPlanSchema } from './selection-plan.ts';
import { samplingSchema } from './settings/sampling.ts';
import { labellingSchema, selectionSchema } from './settings/selection.ts';

/** Selects synthetic records from a pool by a teacher that learns from the training records under the plan. */
export const selectJobSchema = z.strictObject({
  kind: z.literal('select'),
  store: z.string().describe('URI of the artifact store'),
  run: z.string(),
  labels: z.array(z.string()),
  pool: z.array(artifactRefSchema).min(1).describe('Shards of sampled texts'),
  train: artifactRefSchema,
  plan: selectionPlanSchema,
  encoder: z.string(),
  teacher: selectionSchema.shape.teacher,
  labelling: labellingSchema,
  wanted: samplingSchema
    .pick({ records: true, labels: true })
    .describe('How many records are kept, and in which proportions of the labels'),
  seed: z.int().describe('Public: decides ties and draws among texts, never noise'),
});

export const selectedSchema = z.strictObject({
  corpus: artifactRefSchema.describe('The selected records, JSONL'),
  summary: artifactRefSchema.describe('A SelectionSummary'),
  cachedFrom: z.string().optional().describe('The run that made this, if it was not made anew'),
});

/** What selection did with the texts of one label. It is made from the teacher, which has DP, and from the pool. */
export const selectedLabelSchema = z.strictObject({
  label: z.string(),
  pool: z.int().describe('Texts of the pool that were prompted with this label'),
  agreed: z.number().min(0).max(1).describe('Share of them whose label the teacher confirms'),
  kept: z.int().describe('Selected records of this label'),
});

export type SelectedLabel = z.infer<typeof selectedLabelSchema>;

export const selectionSummarySchema = z.strictObject({
  labelling: labellingSchema,
  labels: z.array(selectedLabelSchema),
});
export type SelectionSummary = z.infer<typeof selectionSummarySchema>;
