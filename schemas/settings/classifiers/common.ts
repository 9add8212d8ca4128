import { z } from 'zod';

/**
 * Training stops once the loss on held-out training texts no longer falls, and the best classifier is kept.
 * Never under DP.
 */
export const earlyStoppingSchema = z.strictObject({
  fraction: z.number().gt(0).lt(1).default(0.1).describe('Share of the training texts held out'),
  every: z.int().min(1).default(20).describe('Updates between two looks at them'),
  patience: z.int().min(1).default(3).describe('Looks in a row without a lower loss'),
});

export const classifierUpdates = z
  .int()
  .min(1)
  .describe('Of the optimizer, whatever the size of the corpus: equal compute for every row of the table');
export const classifierBatch = z
  .int()
  .min(1)
  .describe('Expected size: texts are drawn independently at each update');
export const classifierRate = z.number().positive().describe('At the start; it falls linearly to 0');

export const classifierFields = {
  updates: classifierUpdates.default(240),
  batch: classifierBatch.default(64),
  maxTokens: z.int().min(5).default(48),
  seeds: z.int().min(1).max(20).default(3),
  earlyStopping: earlyStoppingSchema.optional(),
};

/** Of the row real-dp: its epsilon and delta are those of `privacy`. */
export const dpFields = { clippingNorm: z.number().positive().default(1) };
export const dpBatch = z.int().min(1).describe('At most n is used');
