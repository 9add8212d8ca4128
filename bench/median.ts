/**
 * Returns the median: the middle number, or the mean of the two middle ones. Throws
 * RangeError without numbers.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('The median of no numbers is not defined.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
