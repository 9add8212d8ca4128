import { z } from 'zod';

/**
 * Stops training when the loss on held-out training texts no longer falls, and keeps the best classifier.
 * Never under DP.
 */
export const earlyStoppingSchema = z.strictObject({
  fraction: z.number().gt(0).lt(1).default(0.1).describe('Share of the training texts that is held out'),
  every: z.int().min(1).default(20).describe('Updates between two measurements of the held-out loss'),
  patience: z
    .int()
    .min(1)
    .default(3)
    .describe('Measurements in a row without a lower loss before training stops'),
});

export const classifierUpdates = z
  .int()
  .min(1)
  .describe(
    'Updates of the optimizer, the same for every size of corpus, so that all rows of the table get equal compute',
  );
export const classifierBatch = z
  .int()
  .min(1)
  .describe('Expected batch size: texts are drawn independently at each update');
export const classifierRate = z
  .number()
  .positive()
  .describe('Initial learning rate, which falls linearly to 0');

export const classifierFields = {
  updates: classifierUpdates.default(240),
  batch: classifierBatch.default(64),
  maxTokens: z.int().min(5).default(48),
  seeds: z.int().min(1).max(20).default(3),
  earlyStopping: earlyStoppingSchema.optional(),
};

/** Settings of the row real-dp, whose epsilon and delta are those of `privacy`. */
export const dpFields = { clippingNorm: z.number().positive().default(1) };
export const dpBatch = z.int().min(1).describe('Expected batch size, at most n');
