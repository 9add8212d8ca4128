import { z } from 'zod';
import { artifactRefSchema } from '../artifact.ts';
import type { Evaluation } from './evaluation.ts';

/**
 * Scores shares of the synthetic corpus, one row per share. The activity `classify` makes the rows, which are
 * stored with the scores.
 */
export const amounts = {
  label: 'Train on parts of the synthetic corpus',
  settings: {
    amounts: z
      .array(z.number().gt(0).max(1))
      .min(1)
      .max(20)
      .optional()
      .describe('Shares of the synthetic corpus on which classifiers are also trained; off without it'),
  },
  jobs: {},
  reported: {
    amounts: z
      .array(
        z.strictObject({ share: z.number(), row: artifactRefSchema.nullable(), why: z.string().optional() }),
      )
      .optional()
      .describe('Rows of shares of the synthetic corpus, the smallest share first; absent if not requested'),
  },
  data: {},
} as const satisfies Evaluation;
