import { invalidConfig } from '../../schemas/errors.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { openKeystream } from './keystream.ts';
import { assertParts } from './parts.ts';
import type { RunKey } from './run-key.ts';

/** Returns the cost of a DP label histogram, to be planned beside the training (`otherParts`). */
export function labelHistogramPart(noiseMultiplier: number): MechanismPart {
  return { samplingRate: 1, noiseMultiplier, steps: 1 };
}

/**
 * Returns label proportions by the Gaussian mechanism on the counts. One record changes one count by one
 * (sensitivity 1); the label set is public. Negative noisy counts become 0 and the rest are scaled to sum to
 * 1, which is free post-processing. If all are 0, the proportions are uniform. The caller must charge
 * {@link labelHistogramPart} of the same noise multiplier.
 * @param params.counts [labels] the private counts, in the order of the public label set
 * @throws InvalidConfig
 */
export function privateLabelProportions(params: {
  counts: readonly number[];
  noiseMultiplier: number;
  runKey: RunKey;
}): number[] {
  const { counts, noiseMultiplier, runKey } = params;
  assertParts([labelHistogramPart(noiseMultiplier)]);
  if (counts.length === 0) throw invalidConfig('label histogram: no labels.');
  const noise = gaussianNoise(openKeystream({ runKey, purpose: 'label-histogram', step: 0 }), counts.length);
  // Rounding to whole counts leaves no floating-point trace of the exact sum.
  const noisy = counts.map((count, k) => Math.max(0, Math.round(count + noiseMultiplier * noise[k])));
  const total = noisy.reduce((sum, count) => sum + count, 0);
  return noisy.map((count) => (total > 0 ? count / total : 1 / counts.length));
}
