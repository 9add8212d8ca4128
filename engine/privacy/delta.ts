import { invalidConfig } from '../../schemas/errors.ts';
import { assertDelta } from './parts.ts';

const MOST_BY_DEFAULT = 1e-5;
/** A delta above this share of 1/n is allowed, with a warning. */
const WARNED_SHARE = 0.1;

/**
 * Returns the default delta for n privacy units: the smaller of n^-1.1 and 1e-5. For a small corpus, n^-1.1
 * alone would be close to 1/n (0.0085 for 76 records).
 * @throws InvalidConfig if n is not a whole number of at least 2
 */
export function defaultDelta(records: number): number {
  assertRecords(records);
  return Math.min(MOST_BY_DEFAULT, records ** -1.1);
}

/** Returns a warning if delta is allowed but large, above 1/(10 n); null if it is not. */
export function deltaWarning(delta: number, records: number): string | null {
  if (delta <= WARNED_SHARE / records) return null;
  const most = (WARNED_SHARE / records).toPrecision(3);
  return (
    `delta ${delta.toPrecision(3)} is above 1/(10 n) = ${most} for n = ${records} records: it would let ` +
    `a mechanism publish each record with that probability. Set delta to ${most} or less.`
  );
}

/**
 * Refuses a delta of 1/n or more, which would let a mechanism publish one record in the clear.
 * @throws InvalidConfig unless delta is in (0, 1/records)
 */
export function assertDeltaForRecords(delta: number, records: number): void {
  assertRecords(records);
  assertDelta(delta);
  if (delta >= 1 / records)
    throw invalidConfig(
      `delta ${delta} is not below 1/n = ${1 / records} for n = ${records} records. ` +
        `Leave it out for the default, ${defaultDelta(records).toPrecision(3)}.`,
    );
}

export function assertRecords(records: number): void {
  if (!Number.isSafeInteger(records) || records < 2)
    throw invalidConfig(`${records} private records: the number must be a whole number of at least 2.`);
}
