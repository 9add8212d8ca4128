import { invalidConfig } from '../../schemas/errors.ts';
import type { AdaptiveClippingPlan } from '../../schemas/privacy.ts';

export type AdaptiveClippingParams = {
  /** Share of gradients that the norm should leave unclipped. */
  quantile: number;
  /** eta in norm * exp(-eta * (share within the norm - quantile)). */
  learningRate: number;
  /** Standard deviation of the noise on the count. @default expectedBatchSize / 20 */
  countNoise?: number;
};

/**
 * Splits a step's noise between gradient and count (Andrew et al. 2021, arXiv 1905.03871, theorem 1).
 * Adding a record changes the gradient sum by at most C, and the count by 1/2, since each record counts
 * as 1/2 or -1/2. Scaled by their noise, the two are one Gaussian mechanism with a multiplier z, where
 * z^-2 = zGradient^-2 + (2 countNoise)^-2. So both together cost what z costs, and the accountant needs
 * to know z only.
 * @throws InvalidConfig if the count alone would spend more than a step may cost
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
      `adaptive clipping: a count with noise ${countNoise} spends more than a step of noise multiplier ` +
        `${noiseMultiplier.toPrecision(4)} may. Set countNoise well above ` +
        `${(noiseMultiplier / 2).toPrecision(3)}, for instance to ${noiseMultiplier.toPrecision(3)}.`,
    );
  return { quantile, learningRate, countNoise, gradientNoiseMultiplier: left ** -0.5 };
}

/** Far beyond the norms of gradients and well within float32: no streak of noise can overflow the norm. */
const NORM_RANGE = { min: 1e-12, max: 1e12 } as const;

/**
 * Returns the clipping norm of the next step, given this step's noisy share of records within the norm.
 * @param params.within how many of the `records` drawn have a gradient within the norm
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
  // Each record within the norm adds 1/2, each other one -1/2. Rounded to halves, the count leaves
  // no floating-point trace.
  const count = Math.round(2 * within - records + 2 * plan.countNoise * noise) / 2;
  const share = count / expectedBatchSize + 1 / 2;
  const next = clippingNorm * Math.exp(-plan.learningRate * (share - plan.quantile));
  return Math.min(NORM_RANGE.max, Math.max(NORM_RANGE.min, next));
}
