import { z } from 'zod';

/** How a run's epsilon is computed. `pld` is tight; `rdp` is the independent check. */
export const accountantSchema = z.enum(['pld', 'rdp']);
export type Accountant = z.infer<typeof accountantSchema>;

/**
 * One ledger entry: `steps` runs of the Gaussian mechanism (sensitivity 1, standard deviation `noiseMultiplier`) on a Poisson sample of
 * the records at `samplingRate`; 1 is the plain Gaussian mechanism. Neighbours: one record added or removed.
 */
export const mechanismPartSchema = z.strictObject({
  samplingRate: z.number().positive().max(1),
  noiseMultiplier: z.number().positive(),
  steps: z.int().positive(),
});
export type MechanismPart = z.infer<typeof mechanismPartSchema>;

const planFields = {
  /** Number of private records n (privacy units). */
  records: z.int().min(2),
  /** q * n: what every noisy sum is divided by. */
  expectedBatchSize: z.number().positive(),
  samplingRate: z.number().positive().max(1),
  steps: z.int().positive(),
};

export const dpPlanSchema = z.strictObject({
  private: z.literal(true),
  ...planFields,
  clippingNorm: z.number().positive(),
  noiseMultiplier: z.number().positive(),
  delta: z.number().positive().max(1),
  /** The loss of these steps together with `otherParts`, by `accountant`. */
  epsilon: z.number().nonnegative(),
  /** The same loss by Renyi accounting: a check, never below a PLD epsilon. */
  epsilonRdp: z.number().nonnegative(),
  accountant: accountantSchema,
  /** What else is charged to the same records and budget, such as a label histogram. */
  otherParts: z.array(mechanismPartSchema),
});
export type DpPlanData = z.infer<typeof dpPlanSchema>;

export const nonPrivatePlanSchema = z.strictObject({
  private: z.literal(false),
  ...planFields,
  /** null: gradients are not clipped. */
  clippingNorm: z.number().positive().nullable(),
  noiseMultiplier: z.literal(0),
  delta: z.null(),
  epsilon: z.null(),
});
export type NonPrivatePlanData = z.infer<typeof nonPrivatePlanSchema>;

export const mechanismPlanSchema = z.discriminatedUnion('private', [dpPlanSchema, nonPrivatePlanSchema]);
export type MechanismPlanData = z.infer<typeof mechanismPlanSchema>;
