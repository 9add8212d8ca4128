import { z } from 'zod';
import { RUN_NAME } from './names.ts';
import { classifierSchema } from './settings/classifier.ts';
import { corpusSchema } from './settings/corpus.ts';
import { evaluationSchema } from './settings/evaluation.ts';
import { privacySchema } from './settings/privacy.ts';
import { samplingSchema } from './settings/sampling.ts';
import { selectionSchema } from './settings/selection.ts';
import { templateSchema } from './settings/template.ts';
import { trainingSchema } from './settings/training.ts';

/** One experiment: the JSON object that the Temporal UI, the CLI and other services submit. */
export const experimentSchema = z.strictObject({
  name: z.string().min(1).max(80).default('experiment'),
  seed: z
    .int()
    .min(0)
    .default(1)
    .describe(
      'Public seed of the split, the sampling and the classifiers. It never decides batches or noise',
    ),
  corpus: corpusSchema,
  template: templateSchema,
  model: z
    .string()
    .min(1)
    .default('smollm2-135m')
    .describe(
      'A catalog model, hub:OWNER/NAME@COMMIT of the Hugging Face hub, or the path of a folder or .gguf file',
    ),
  training: trainingSchema.prefault({}),
  privacy: privacySchema.prefault({}),
  sampling: samplingSchema.prefault({}),
  selection: selectionSchema
    .optional()
    .describe(
      'Which sampled texts are released, and with which labels, as a teacher trained with DP decides',
    ),
  classifier: classifierSchema.prefault({ kind: 'wordcnn' }),
  evaluation: evaluationSchema.prefault({}),
  trialOf: z
    .string()
    .regex(RUN_NAME)
    .optional()
    .describe(
      'Set by the workflow sweep: the run is one of several to choose from, and is released when all of them have ended',
    ),
  cache: z
    .enum(['use', 'refresh', 'off'])
    .default('use')
    .describe(
      'use: reuse the result of an earlier step with the same inputs, settings and code; refresh: run every step and store its result; off: neither',
    ),
});

export type ExperimentConfig = z.infer<typeof experimentSchema>;
export type ExperimentInput = z.input<typeof experimentSchema>;
export type CacheMode = ExperimentConfig['cache'];
