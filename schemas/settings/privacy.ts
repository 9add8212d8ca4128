import { z } from 'zod';
import { ledgerIdSchema, ledgerLimitsSchema } from '../ledger.ts';
import { accountantSchema, DEFAULT_ACCOUNTANT } from '../privacy.ts';

/**
 * The clipping norm follows a quantile of the gradient norms (arXiv 1905.03871); its noise comes out of
 * the same budget.
 */
export const adaptiveClippingSchema = z.strictObject({
  quantile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('Share of records whose gradient is to be left as it is'),
  learningRate: z.number().positive().default(0.2).describe('Geometric: norm * exp(-rate * error)'),
  countNoise: z
    .number()
    .positive()
    .optional()
    .describe('Standard deviation of the noise on the count; default expectedBatchSize / 20'),
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
    .describe('Default: digest of the corpus. Give one where the corpus grows or changes'),
});

export const privacySchema = z.strictObject({
  epsilon: z.union([z.number().positive(), z.literal('none')]).default(8),
  delta: z.number().gt(0).lt(1).optional().describe('Default: the smaller of n^-1.1 and 1e-5'),
  clippingNorm: z.number().positive().default(1).describe('Where it starts, if clipping is adaptive'),
  clipping: clippingSchema.prefault({ kind: 'flat' }),
  accountant: accountantSchema.default(DEFAULT_ACCOUNTANT),
  ledger: ledgerSettingsSchema
    .optional()
    .describe('Absent: what the run spends is added to no ledger, and no limit holds over runs'),
});

export type ClippingConfig = z.infer<typeof clippingSchema>;
export type PrivacyConfig = z.infer<typeof privacySchema>;
