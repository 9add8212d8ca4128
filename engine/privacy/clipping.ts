import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';

const clippedBrand: unique symbol = Symbol('clipped sum');
const plainBrand: unique symbol = Symbol('unclipped sum');

/**
 * The sum of the gradients of a draw's records, each of l2 norm at most `clippingNorm`. Only this
 * file makes one.
 */
export type ClippedSum = {
  readonly [clippedBrand]: true;
  readonly values: readonly Float32Array[];
  readonly clippingNorm: number;
  readonly records: number;
  /**
   * How many of the records have a gradient of norm at most `clippingNorm`, for adaptive clipping; null
   * if not counted.
   */
  readonly within: number | null;
};

/** A sum of gradients without any bound, for training without privacy only. */
export type UnclippedSum = {
  readonly [plainBrand]: true;
  readonly values: readonly Float32Array[];
  readonly records: number;
};

/**
 * Returns the factor that brings each record's gradient to an l2 norm of at most `clippingNorm`: min(1,
 * clippingNorm / norm). A norm that is negative or not finite gives 0: the record contributes nothing, and
 * the step continues. Mask its gradient as well, since 0 * NaN is NaN.
 * @param norms [records] l2 norms over all trainable parameters together
 */
export function clipFactors(norms: Float32Array, clippingNorm: number): Float32Array {
  assertClippingNorm(clippingNorm);
  return norms.map((norm) => factorOf(norm, clippingNorm));
}

function factorOf(norm: number, bound: number): number {
  return norm >= 0 && Number.isFinite(norm) ? Math.min(1, bound / Math.max(norm, 1e-30)) : 0;
}

/**
 * Returns the size of a squared norm. If it was summed from terms that cancel, rounding can take it below
 * zero. The truth is then about as far above zero as rounding is wrong, so the size bounds the norm better
 * than zero does.
 */
function sizeOf(squaredNorm: number): number {
  return Math.abs(squaredNorm);
}

/**
 * Returns the factors for per-layer clipping. Each of `groups` layers is clipped to clippingNorm /
 * sqrt(groups), so that the l2 norm of all layers together is at most `clippingNorm` and the sensitivity is
 * that of flat clipping. A record that is not finite in one group gets 0 in all of them.
 * @param squaredNorms [records, groups] squared l2 norms of each record's gradient in each group; a negative
 * one counts by its size
 * @returns [records, groups]
 * @throws InvalidConfig
 */
export function clipFactorsByGroup(
  squaredNorms: Float32Array,
  groups: number,
  clippingNorm: number,
): Float32Array {
  assertClippingNorm(clippingNorm);
  assertGroups(squaredNorms, groups);
  const bound = clippingNorm / Math.sqrt(groups);
  const factors = new Float32Array(squaredNorms.length);
  for (let from = 0; from < squaredNorms.length; from += groups) {
    const ofRecord = squaredNorms.subarray(from, from + groups);
    if (!ofRecord.every(Number.isFinite)) continue;
    ofRecord.forEach((square, group) => {
      factors[from + group] = factorOf(Math.sqrt(sizeOf(square)), bound);
    });
  }
  return factors;
}

/**
 * Returns the l2 norms over all groups together, [records].
 * @param squaredNorms [records, groups]; a negative one counts by its size
 */
export function recordNorms(squaredNorms: Float32Array, groups: number): Float32Array {
  assertGroups(squaredNorms, groups);
  const norms = new Float32Array(squaredNorms.length / groups);
  for (let record = 0; record < norms.length; record++) {
    let sum = 0;
    for (let group = 0; group < groups; group++) sum += sizeOf(squaredNorms[record * groups + group]);
    norms[record] = Math.sqrt(sum);
  }
  return norms;
}

/**
 * Clips each record's gradient ([parameters]) and adds them up in float64. It is meant for small problems,
 * and for checking the device's sums.
 */
export function sumClipped(params: {
  gradients: readonly Float32Array[];
  clippingNorm: number;
  parameters: number;
}): ClippedSum {
  const { gradients, clippingNorm, parameters } = params;
  const sum = new Float64Array(parameters);
  const norms = Float32Array.from(gradients, (gradient) => norm([gradient]));
  const factors = clipFactors(norms, clippingNorm);
  gradients.forEach((gradient, record) => {
    if (gradient.length !== parameters)
      throw invalidConfig(`gradient of ${gradient.length} coordinates, expected ${parameters}.`);
    if (factors[record] === 0) return;
    for (let k = 0; k < parameters; k++) sum[k] += factors[record] * gradient[k];
  });
  return asClippedSum({ values: Float32Array.from(sum), clippingNorm, records: gradients.length, norms });
}

/**
 * Declares that a sum is clipped which a device made with {@link clipFactors} or {@link clipFactorsByGroup}.
 * It checks what can be checked: the sum of `records` clipped gradients is finite, and its norm is at most
 * records * clippingNorm, apart from rounding.
 * @param params.records how many records were summed, including those of factor 0; 0 with all-zero values for
 * an empty draw
 * @param params.norms [records] l2 norms before clipping, over all parameters together; needed
 * for adaptive clipping
 * @throws NumericalFailure if the values cannot be such a sum
 */
export function asClippedSum(params: {
  values: Float32Array | readonly Float32Array[];
  clippingNorm: number;
  records: number;
  norms?: ArrayLike<number>;
}): ClippedSum {
  const { clippingNorm, records, norms } = params;
  assertClippingNorm(clippingNorm);
  assertCount(records);
  const values = tensorsOf(params.values);
  const length = norm(values);
  if (!(length <= records * clippingNorm * (1 + 1e-4)))
    throw new DpsynthError({
      type: ErrorType.NumericalFailure,
      message:
        'the gradient sum is not a sum of clipped gradients: its norm is ' +
        `${Number.isFinite(length) ? 'above records * clipping norm' : 'not finite'}. ` +
        "Clip every record's gradient and mask those that are not finite.",
    });
  const within = norms ? countWithin(norms, { clippingNorm, records }) : null;
  return { [clippedBrand]: true, values, clippingNorm, records, within };
}

/** Counts each record as 1 or 0, whatever its norm; one that is not finite is not within. */
function countWithin(
  norms: ArrayLike<number>,
  { clippingNorm, records }: { clippingNorm: number; records: number },
): number {
  if (norms.length !== records)
    throw invalidConfig(`${norms.length} norms for a sum over ${records} records. Give one per record.`);
  let within = 0;
  for (let record = 0; record < records; record++) if (norms[record] <= clippingNorm) within++;
  return within;
}

/** Wraps a sum for training without privacy. The private mechanism does not accept it. */
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
  for (const tensor of tensors) for (let k = 0; k < tensor.length; k++) sum += tensor[k] * tensor[k];
  return Math.sqrt(sum);
}

function assertClippingNorm(clippingNorm: number): void {
  if (!(clippingNorm > 0 && Number.isFinite(clippingNorm)))
    throw invalidConfig(`clipping norm ${clippingNorm} is not a positive number.`);
}

function assertGroups(squaredNorms: Float32Array, groups: number): void {
  if (!Number.isSafeInteger(groups) || groups < 1 || squaredNorms.length % groups !== 0)
    throw invalidConfig(
      `${squaredNorms.length} squared norms do not divide into ${groups} groups per record.`,
    );
}

function assertCount(records: number): void {
  if (!Number.isSafeInteger(records) || records < 0)
    throw invalidConfig(`${records} is not a number of records.`);
}
