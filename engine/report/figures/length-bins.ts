const BINS = 20;
/** The longest hundredth of the texts shares the last bin: it would squeeze the others. */
const TAIL = 0.99;

/**
 * Lower edges of bins of equal width for lengths: from 0 to about the 99th percentile of `lengths`; the last bin is open above.
 * The edges tell about these lengths, so lay them by a corpus that may be shown.
 */
export function lengthBins(lengths: readonly number[]): number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  const top = sorted[Math.floor(TAIL * (sorted.length - 1))] ?? 0;
  const width = roundUp((top + 1) / BINS);
  return Array.from({ length: Math.floor(top / width) + 1 }, (_, bin) => bin * width);
}

/** Share of the lengths in each bin; zeros where there are none. `edges` rise from 0. */
export function binShares(lengths: readonly number[], edges: readonly number[]): number[] {
  const counts = edges.map(() => 0);
  for (const length of lengths) counts[edges.findLastIndex((edge) => edge <= length)]++;
  return counts.map((count) => (lengths.length === 0 ? 0 : count / lengths.length));
}

/** To a width that people count in: 1, 2, 5, 10, 20, 50 and so on. */
function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((width) => width >= value) ?? value;
}
