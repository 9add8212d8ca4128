import { type BoundedSum, sumBounded } from '../privacy/bounded-sum.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/**
 * The sum of the unit vectors of each class, [classes, width]. A record adds its vector, of norm at most 1, to the row of one class, so one unit
 * moves the sums by a norm of at most 1. The row of a class without records is zero.
 */
export function classSums({ count, width, vectors, labels, classes }: UnitRecords): BoundedSum {
  const values = new Float64Array(width);
  return sumBounded({
    records: count,
    dimensions: classes * width,
    contribute(record) {
      if (labels[record] === NO_CLASS) return null;
      values.set(vectors.subarray(record * width, (record + 1) * width));
      return { at: labels[record] * width, values };
    },
  });
}
