import { type BoundedSum, sumBounded } from '../privacy/bounded-sum.ts';
import type { SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/** How many records each class has: a record adds 1 to one of [classes], so one unit moves the counts by a norm of at most 1. */
export function classCounts({ count, labels, classes }: UnitRecords): BoundedSum {
  const values = Float64Array.of(1);
  return sumBounded({
    records: count,
    dimensions: classes,
    contribute: (record) => (labels[record] === NO_CLASS ? null : { at: labels[record], values }),
  });
}

/**
 * Noisy counts of the classes, [classes], as whole numbers: they leave no floating-point trace of the exact ones. None is below the deviation
 * of its noise, or below 1, so that a class without any record is taken as a small one.
 */
export function releaseClassCounts(mechanism: SelectionMechanism, records: UnitRecords): Float64Array {
  const { noiseMultiplier } = mechanism.planned('class-counts');
  const least = Math.max(1, noiseMultiplier);
  const noisy = mechanism.release({ statistic: 'class-counts', sum: classCounts(records) });
  return noisy.map((count) => Math.max(least, Math.round(count)));
}
