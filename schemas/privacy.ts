import { z } from 'zod';

/** How a run's epsilon is computed. `pld` is tight; `rdp` is the independent check. */
export const accountantSchema = z.enum(['pld', 'rdp']);
export type Accountant = z.infer<typeof accountantSchema>;
export const DEFAULT_ACCOUNTANT: Accountant = 'pld';

/**
 * A mechanism to account for: `steps` runs of the Gaussian mechanism (sensitivity 1, standard deviation
 * `noiseMultiplier`) on a Poisson sample of the records at `samplingRate`; 1 is the plain Gaussian mechanism.
 * Neighbours are zero-out: one unit is replaced by one that contributes nothing, and n is fixed.
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

/**
 * Adaptive clipping (arXiv 1905.03871): every step also counts how many of the drawn records have a gradient
 * within the current norm, with Gaussian noise, and the norm follows. Gradient and count of a step together
 * cost what the plan's noise multiplier says.
 */
export const adaptiveClippingPlanSchema = z.strictObject({
  /** Share of gradients that the norm should leave unclipped. */
  quantile: z.number().gt(0).lt(1),
  /** eta in norm * exp(-eta * (share within the norm - quantile)). */
  learningRate: z.number().positive(),
  /** Standard deviation of the noise on the count, whose sensitivity is 1/2. */
  countNoise: z.number().positive(),
  /** Noise on the gradient, in clipping norms: above the plan's noise multiplier, to pay for the count. */
  gradientNoiseMultiplier: z.number().positive(),
});
export type AdaptiveClippingPlan = z.infer<typeof adaptiveClippingPlanSchema>;

export const dpPlanSchema = z.strictObject({
  private: z.literal(true),
  ...planFields,
  /** C; the first norm, if clipping is adaptive. */
  clippingNorm: z.number().positive(),
  /**
   * flat: a gradient is clipped as a whole. per-layer: each of G layers to C / sqrt(G). Both bound the
   * whole by C.
   */
  clipping: z.enum(['flat', 'per-layer']).default('flat'),
  /** null: the norm is fixed. */
  adaptiveClipping: adaptiveClippingPlanSchema.nullable().default(null),
  /** What a step is charged as: standard deviation over sensitivity, of gradient and count together. */
  noiseMultiplier: z.number().positive(),
  delta: z.number().positive().max(1),
  /** The loss of these steps together with `otherParts`, by `accountant`. */
  epsilon: z.number().nonnegative(),
  /** The same loss by Renyi accounting: a check, never below a PLD epsilon. */
  epsilonRdp: z.number().nonnegative(),
  accountant: accountantSchema,
  /** Other mechanisms charged to the same records and budget, such as a label histogram. */
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
