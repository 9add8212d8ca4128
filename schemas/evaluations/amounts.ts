import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import type { Evaluation } from './evaluation.ts';

/** Rows of shares of the synthetic corpus. The activity `classify` makes them, and they stand among the scores. */
export const amounts = {
  label: 'Train on parts of the synthetic corpus',
  settings: {
    amounts: z
      .array(z.number().gt(0).max(1))
      .min(1)
      .max(20)
      .optional()
      .describe('Shares of the synthetic corpus to train on as well; off without it'),
  },
  jobs: {},
  reported: {
    amounts: z
      .array(
        z.strictObject({ share: z.number(), row: artifactRefSchema.nullable(), why: z.string().optional() }),
      )
      .optional()
      .describe('Rows of shares of the synthetic corpus, by rising share; absent where not asked for'),
  },
  data: {},
} as const satisfies Evaluation;
