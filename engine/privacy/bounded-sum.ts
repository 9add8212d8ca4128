import { invalidConfig } from '../../schemas/errors.ts';

const brand: unique symbol = Symbol('bounded sum');

/** A sum over all private records of one contribution each, of l2 norm at most 1. Only this file makes one. */
export interface BoundedSum {
  readonly [brand]: true;
  readonly values: Float64Array;
  /** n: all records, those that contribute nothing among them. */
  readonly records: number;
}

/** What one record adds to a sum: `values` at consecutive places from `at`, or at the places `at`, which ascend. */
export interface Contribution {
  readonly at: number | Int32Array;
  readonly values: Float64Array;
}

/**
 * Adds up what each record contributes, each scaled down to the l2 norm 1 if it is longer. A contribution that is not finite counts as none.
 *
 * **Sensitivity.** Zero-out neighbours differ in one record, which contributes nothing in one of them. If `contribute` looks at that one record
 * and at public or released things only, all other terms are equal, so the two sums differ by one contribution: an l2 norm of at most 1.
 * Replacing a record by another moves the sum by at most 2.
 * @param params.contribute null for a record that contributes nothing; its arrays may be used again for the next record
 * @param params.dimensions coordinates of the sum; a contribution outside them is refused
 * @throws InvalidConfig
 */
export function sumBounded(params: {
  records: number;
  dimensions: number;
  contribute: (record: number) => Contribution | null;
}): BoundedSum {
  const { records, dimensions, contribute } = params;
  const sum = new Float64Array(dimensions);
  for (let record = 0; record < records; record += 1) {
    const contribution = contribute(record);
    if (contribution !== null) addBounded(sum, contribution);
  }
  return { [brand]: true, values: sum, records };
}

function addBounded(sum: Float64Array, { at, values }: Contribution): void {
  assertPlaces(at, { length: values.length, dimensions: sum.length });
  let squares = 0;
  for (let k = 0; k < values.length; k += 1) squares += values[k] * values[k];
  if (!Number.isFinite(squares)) return;
  const factor = squares > 1 ? 1 / Math.sqrt(squares) : 1;
  if (typeof at === 'number') for (let k = 0; k < values.length; k += 1) sum[at + k] += factor * values[k];
  else for (let k = 0; k < values.length; k += 1) sum[at[k]] += factor * values[k];
}

/** A place named twice would add up two values of one record beyond the norm that was measured. */
function assertPlaces(
  at: number | Int32Array,
  { length, dimensions }: { length: number; dimensions: number },
): void {
  const fits =
    typeof at === 'number'
      ? Number.isSafeInteger(at) && at >= 0 && at + length <= dimensions
      : at.length === length &&
        at.every((place, k) => place < dimensions && (k === 0 ? place >= 0 : place > at[k - 1]));
  if (!fits)
    throw invalidConfig(
      'bounded sum: a contribution has places outside the sum, or places that do not ascend.',
    );
}
