import { z } from 'zod';
import { artifactRefSchema, storedArtifactSchema } from './artifact.ts';
import { experimentSchema } from './experiment.ts';
import { experimentResultSchema } from './experiment-state.ts';
import { openVersionJobSchema } from './jobs.ts';
import { RUN_NAME } from './names.ts';
import { metricsSchema } from './scores.ts';

/** Room is left for the number of a version, with which it names a run. */
const release = z.string().max(100).regex(RUN_NAME, 'letters, digits, dots, dashes and underscores');
const { mode } = openVersionJobSchema.shape;

/** One tick of a scheduled re-synthesis. */
export const resynthesisSchema = z.strictObject({
  release: release.describe('Names the series of versions; the same at each tick'),
  mode: mode
    .default('full')
    .describe('full: all records, where any has changed; incremental: records that no version has used'),
  experiment: experimentSchema,
});
export type ResynthesisConfig = z.infer<typeof resynthesisSchema>;
export type ResynthesisInput = z.input<typeof resynthesisSchema>;
export type ResynthesisMode = ResynthesisConfig['mode'];

/** What a tick ended with. One that failed has no result, and leaves the last version as it is. */
export const resynthesisResultSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('published'),
    release,
    version: z.int(),
    run: z.string(),
    manifest: artifactRefSchema.describe('Of the release of the run'),
  }),
  z.strictObject({
    outcome: z.literal('skipped'),
    release,
    reason: z.enum(['unchanged', 'too-few', 'no-budget']),
    why: z.string().optional().describe('What the ledger said'),
  }),
]);
export type ResynthesisResult = z.infer<typeof resynthesisResultSchema>;

/** Inputs of the activities. `tick` is the same for all attempts of a tick, and for no other one. */
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
 * A published version, as `versions.json` of the release has it. Public: it says what the release of
 * the run says.
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
    .describe('Means of the classifiers trained on the synthetic corpus; null where the test set is private'),
});
export type PublishedVersion = z.infer<typeof publishedVersionSchema>;
