import type { DpPlanData } from '../../schemas/privacy.ts';
import { clipFactors, clipFactorsByGroup, recordNorms } from '../privacy/clipping.ts';
import type { Tensor } from '../tensor/tensorflow.ts';
import type { RecordGradients } from './methods/method.ts';

/** The clipped sum of one micro-batch, one tensor per parameter tensor, with diagnostics of the clipping. */
export type ClippedMicroBatch = {
  sum: Tensor[];
  /** l2 norm of each record's gradient over all parameters, before clipping: [records]. */
  norms: Float32Array;
  clipped: number;
};

/**
 * Clips each record's gradient to the l2 norm `clippingNorm`, either over all parameters together or layer by
 * layer with equal shares. Returns the sum and frees the gradients. A record whose gradient is not finite
 * contributes zero. If `clippingNorm` is null, nothing is clipped.
 */
export function clipAndSum(params: {
  gradients: RecordGradients;
  groups: number;
  clipping: DpPlanData['clipping'];
  clippingNorm: number | null;
}): ClippedMicroBatch {
  const { gradients, groups, clipping, clippingNorm } = params;
  const { squaredNorms } = gradients;
  const norms = recordNorms(squaredNorms, groups);
  const flat = (factors: Float32Array) =>
    Float32Array.from(squaredNorms, (_, i) => factors[Math.floor(i / groups)]);
  const factors =
    clippingNorm === null
      ? flat(norms.map((norm) => (Number.isFinite(norm) ? 1 : 0)))
      : clipping === 'per-layer'
        ? clipFactorsByGroup(squaredNorms, groups, clippingNorm)
        : flat(clipFactors(norms, clippingNorm));
  const sum = gradients.sum(factors);
  gradients.dispose();
  const cut = (record: number) =>
    factors.subarray(record * groups, (record + 1) * groups).some((factor) => factor < 1);
  const clipped = clippingNorm === null ? 0 : norms.filter((_, record) => cut(record)).length;
  return { sum, norms, clipped };
}
