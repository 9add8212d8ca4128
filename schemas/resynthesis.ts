import { z } from 'zod';
import { artifactRefSchema, storedArtifactSchema } from './artifact.ts';
import { experimentSchema } from './experiment.ts';
import { experimentResultSchema } from './experiment-state.ts';
import { openVersionJobSchema } from './jobs.ts';
import { RUN_NAME } from './names.ts';
import { metricsSchema } from './scores.ts';

/** Leaves room for the number of a version, because both together name a run. */
const release = z.string().max(100).regex(RUN_NAME, 'letters, digits, dots, dashes and underscores');
const { mode } = openVersionJobSchema.shape;

/** One tick of a scheduled re-synthesis. */
export const resynthesisSchema = z.strictObject({
  release: release.describe('Name of the series of versions, the same at each tick'),
  mode: mode
    .default('full')
    .describe('full: all records, if any has changed; incremental: only records that no version has used'),
  experiment: experimentSchema,
});
export type ResynthesisConfig = z.infer<typeof resynthesisSchema>;
export type ResynthesisInput = z.input<typeof resynthesisSchema>;
export type ResynthesisMode = ResynthesisConfig['mode'];

/** The result of a tick. A tick that fails has no result, and leaves the last version as it is. */
export const resynthesisResultSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('published'),
    release,
    version: z.int(),
    run: z.string(),
    manifest: artifactRefSchema.describe('Manifest of the release of the run'),
  }),
  z.strictObject({
    outcome: z.literal('skipped'),
    release,
    reason: z.enum(['unchanged', 'too-few', 'no-budget']),
    why: z.string().optional().describe('The message of the ledger'),
  }),
]);
export type ResynthesisResult = z.infer<typeof resynthesisResultSchema>;

/** Inputs of the activities. `tick` is the same for all attempts of one tick, and differs between ticks. */
export const openVersionInput = resynthesisSchema.extend({ tick: z.string() });
export const closeVersionInput = z.strictObject({ release, version: z.int(), run: z.string() });
export const publishVersionInput = z.strictObject({
  release,
  version: z.int(),
  mode,
  at: z.string(),
  result: experimentResultSchema,
});
export type OpenVersionInput = z.infer<typeof openVersionInput>;
export type CloseVersionInput = z.infer<typeof closeVersionInput>;
export type PublishVersionInput = z.infer<typeof publishVersionInput>;

/**
 * A published version, as in `versions.json` of the release. It is public: it contains only what the release
 * of the run contains.
 */
export const publishedVersionSchema = z.strictObject({
  version: z.int(),
  run: z.string(),
  mode,
  publishedAt: z.string(),
  manifest: storedArtifactSchema,
  statement: z.string(),
  epsilon: z.number().nullable().describe('null without DP'),
  syntheticRecords: z.int(),
  scores: metricsSchema
    .nullable()
    .describe(
      'Mean scores of the classifiers trained on the synthetic corpus; null if the test set is private',
    ),
});
export type PublishedVersion = z.infer<typeof publishedVersionSchema>;
