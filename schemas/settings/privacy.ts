import { z } from 'zod';
import { ledgerIdSchema, ledgerLimitsSchema } from '../ledger.ts';
import { accountantSchema, DEFAULT_ACCOUNTANT } from '../privacy.ts';

/**
 * The clipping norm follows a quantile of the gradient norms (arXiv 1905.03871), paid for from
 * the same budget.
 */
export const adaptiveClippingSchema = z.strictObject({
  quantile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('Target share of records whose gradient is not clipped'),
  learningRate: z
    .number()
    .positive()
    .default(0.2)
    .describe('Rate of the geometric update: norm * exp(-rate * error)'),
  countNoise: z
    .number()
    .positive()
    .optional()
    .describe('Standard deviation of the noise on the count. Default: expectedBatchSize / 20'),
});

const adaptive = adaptiveClippingSchema.optional();

export const clippingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flat'), adaptive }),
  z.strictObject({ kind: z.literal('per-layer'), adaptive }),
]);

/** The budget of the corpus over all its runs. */
export const ledgerSettingsSchema = ledgerLimitsSchema.extend({
  id: ledgerIdSchema
    .optional()
    .describe('Default: the digest of the corpus. Give an id if the corpus grows or changes'),
});

export const privacySchema = z.strictObject({
  epsilon: z.union([z.number().positive(), z.literal('none')]).default(8),
  delta: z.number().gt(0).lt(1).optional().describe('Default: the smaller of n^-1.1 and 1e-5'),
  clippingNorm: z
    .number()
    .positive()
    .default(1)
    .describe(
      'Norm to which the gradient of each record is clipped. With adaptive clipping, its initial value',
    ),
  clipping: clippingSchema.prefault({ kind: 'flat' }),
  accountant: accountantSchema.default(DEFAULT_ACCOUNTANT),
  ledger: ledgerSettingsSchema
    .optional()
    .describe('The ledger to which the run is charged. Without it no limit holds over several runs'),
});

export type ClippingConfig = z.infer<typeof clippingSchema>;
export type PrivacyConfig = z.infer<typeof privacySchema>;
