import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';

const clippedBrand: unique symbol = Symbol('clipped sum');
const plainBrand: unique symbol = Symbol('unclipped sum');

/** A sum over a draw's records of gradients, each of l2 norm at most `clippingNorm`. Only this file makes one. */
export interface ClippedSum {
  readonly [clippedBrand]: true;
  readonly values: readonly Float32Array[];
  readonly clippingNorm: number;
  readonly records: number;
}

/** A sum of gradients that nothing bounds: for training without privacy only. */
export interface UnclippedSum {
  readonly [plainBrand]: true;
  readonly values: readonly Float32Array[];
  readonly records: number;
}

/**
 * The factor for each record's gradient so that its l2 norm is at most `clippingNorm`: min(1, clippingNorm / norm). A norm that is not
 * finite gives 0: that record contributes nothing and the step goes on (mask its gradient as well, 0 * NaN is NaN).
 * @param norms [records] l2 norms over all trainable parameters together
 */
export function clipFactors(norms: Float32Array, clippingNorm: number): Float32Array {
  assertClippingNorm(clippingNorm);
  return norms.map((norm) => (Number.isFinite(norm) ? Math.min(1, clippingNorm / Math.max(norm, 1e-30)) : 0));
}

/** Clips each record's gradient ([parameters]) and adds them up in float64. For small problems and for checking the device's sums. */
export function sumClipped(params: {
  gradients: readonly Float32Array[];
  clippingNorm: number;
  parameters: number;
}): ClippedSum {
  const { gradients, clippingNorm, parameters } = params;
  const sum = new Float64Array(parameters);
  const factors = clipFactors(
    Float32Array.from(gradients, (gradient) => norm([gradient])),
    clippingNorm,
  );
  gradients.forEach((gradient, record) => {
    if (gradient.length !== parameters) {
      throw invalidConfig(`gradient of ${gradient.length} coordinates, expected ${parameters}.`);
    }
    if (factors[record] === 0) return;
    for (let k = 0; k < parameters; k += 1) sum[k] += factors[record] * gradient[k];
  });
  return asClippedSum({ values: Float32Array.from(sum), clippingNorm, records: gradients.length });
}

/**
 * Declares a sum that a device made with {@link clipFactors} to be clipped. What can be checked is checked: a sum of `records` clipped
 * gradients is finite and its norm is at most records * clippingNorm, but for rounding.
 * @param params.records how many records were summed, those of factor 0 included; 0 with all-zero values for an empty draw
 * @throws NumericalFailure when the values cannot be such a sum
 */
export function asClippedSum(params: {
  values: Float32Array | readonly Float32Array[];
  clippingNorm: number;
  records: number;
}): ClippedSum {
  const { clippingNorm, records } = params;
  assertClippingNorm(clippingNorm);
  assertCount(records);
  const values = tensorsOf(params.values);
  const length = norm(values);
  if (!(length <= records * clippingNorm * (1 + 1e-4))) {
    throw new DpsynthError({
      type: ErrorType.NumericalFailure,
      message: `the gradient sum is not a sum of clipped gradients: its norm is ${Number.isFinite(length) ? 'above records * clipping norm' : 'not finite'}; clip every record's gradient and mask non-finite ones.`,
    });
  }
  return { [clippedBrand]: true, values, clippingNorm, records };
}

/** A sum for training without privacy. The private mechanism does not take it. */
export function asUnclippedSum(params: {
  values: Float32Array | readonly Float32Array[];
  records: number;
}): UnclippedSum {
  assertCount(params.records);
  return { [plainBrand]: true, values: tensorsOf(params.values), records: params.records };
}

function tensorsOf(values: Float32Array | readonly Float32Array[]): readonly Float32Array[] {
  return values instanceof Float32Array ? [values] : values;
}

/** l2 norm over all tensors together, in float64. */
function norm(tensors: readonly Float32Array[]): number {
  let sum = 0;
  for (const tensor of tensors) for (let k = 0; k < tensor.length; k += 1) sum += tensor[k] * tensor[k];
  return Math.sqrt(sum);
}

function assertClippingNorm(clippingNorm: number): void {
  if (!(clippingNorm > 0 && Number.isFinite(clippingNorm))) {
    throw invalidConfig(`clipping norm ${clippingNorm} is not a positive number.`);
  }
}

function assertCount(records: number): void {
  if (!Number.isSafeInteger(records) || records < 0)
    throw invalidConfig(`${records} is not a number of records.`);
}
