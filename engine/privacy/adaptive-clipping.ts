import { invalidConfig } from '../../schemas/errors.ts';
import type { AdaptiveClippingPlan } from '../../schemas/privacy.ts';

export type AdaptiveClippingParams = {
  /** Share of gradients that the norm is to leave as they are. */
  quantile: number;
  /** eta in norm * exp(-eta * (share within the norm - quantile)). */
  learningRate: number;
  /** Standard deviation of the noise on the count. @default expectedBatchSize / 20 */
  countNoise?: number;
};

/**
 * Splits a step's noise between gradient and count (Andrew et al. 2021, arXiv 1905.03871, theorem 1). Adding a record moves the gradient sum
 * by at most C and the count, as a sum of 1/2 or -1/2, by 1/2; scaled by their noise the two are one Gaussian mechanism whose multiplier z
 * has z^-2 = zGradient^-2 + (2 countNoise)^-2. So the joint release of a step costs what z costs, and the accountant stays as it is.
 * @throws InvalidConfig when the count alone would spend what a step may cost
 */
export function planAdaptiveClipping(
  params: AdaptiveClippingParams,
  step: { noiseMultiplier: number; expectedBatchSize: number },
): AdaptiveClippingPlan {
  const { quantile, learningRate, countNoise = step.expectedBatchSize / 20 } = params;
  if (!(quantile > 0 && quantile < 1))
    throw invalidConfig(`adaptive clipping: quantile ${quantile} is not between 0 and 1.`);
  for (const [name, value] of Object.entries({ learningRate, countNoise })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw invalidConfig(`adaptive clipping: ${name} ${value} is not a positive number.`);
  }
  const { noiseMultiplier } = step;
  const left = noiseMultiplier ** -2 - (2 * countNoise) ** -2;
  if (!(left > 0))
    throw invalidConfig(
      `adaptive clipping: a count with noise ${countNoise} spends more than a step of noise multiplier ${noiseMultiplier.toPrecision(4)} may; set countNoise well above ${(noiseMultiplier / 2).toPrecision(3)}, for instance to ${noiseMultiplier.toPrecision(3)}.`,
    );
  return { quantile, learningRate, countNoise, gradientNoiseMultiplier: left ** -0.5 };
}

/** Far outside what gradients have, and far inside what float32 holds: no run of noise leads out of arithmetic. */
const NORM_RANGE = { min: 1e-12, max: 1e12 } as const;

/**
 * The clipping norm of the next step, from this step's noisy share of records within the norm.
 * @param params.within of `records` drawn ones, how many have a gradient within the norm
 * @param params.noise one standard Gaussian
 */
export function nextClippingNorm(params: {
  clippingNorm: number;
  within: number;
  records: number;
  expectedBatchSize: number;
  noise: number;
  plan: AdaptiveClippingPlan;
}): number {
  const { clippingNorm, within, records, expectedBatchSize, noise, plan } = params;
  // Sum of 1/2 for a record within the norm and -1/2 for one outside. Rounded to its own grid, it leaves no floating-point trace.
  const count = Math.round(2 * within - records + 2 * plan.countNoise * noise) / 2;
  const share = count / expectedBatchSize + 1 / 2;
  const next = clippingNorm * Math.exp(-plan.learningRate * (share - plan.quantile));
  return Math.min(NORM_RANGE.max, Math.max(NORM_RANGE.min, next));
}
