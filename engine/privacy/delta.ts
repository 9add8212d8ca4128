import { invalidConfig } from '../../schemas/errors.ts';
import { assertDelta } from './parts.ts';

/** The default delta, n^-1.1, for n privacy units (records). @throws InvalidConfig when n is not a whole number of at least 2 */
export function defaultDelta(records: number): number {
  assertRecords(records);
  return records ** -1.1;
}

/**
 * A delta of 1/n allows the release of one record in the clear, so it must be smaller.
 * @throws InvalidConfig when delta is not in (0, 1/records)
 */
export function assertDeltaForRecords(delta: number, records: number): void {
  assertRecords(records);
  assertDelta(delta);
  if (delta >= 1 / records) {
    throw invalidConfig(
      `delta ${delta} is not below 1/n = ${1 / records} for n = ${records} records; leave it out for n^-1.1 = ${defaultDelta(records).toPrecision(3)}.`,
    );
  }
}

export function assertRecords(records: number): void {
  if (!Number.isSafeInteger(records) || records < 2) {
    throw invalidConfig(`${records} private records: at least 2 are needed, a whole number.`);
  }
}
