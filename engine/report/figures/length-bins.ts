const BINS = 20;
/** The longest 1% of the texts share the last bin; otherwise they would squeeze the others. */
const TAIL = 0.99;

/**
 * Returns the lower edges of bins of equal width, from 0 to about the 99th percentile of `lengths`. The last
 * bin is open above. The edges reveal something about these lengths, so compute them from a corpus that may
 * be shown.
 */
export function lengthBins(lengths: readonly number[]): number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  const top = sorted[Math.floor(TAIL * (sorted.length - 1))] ?? 0;
  const width = roundUp((top + 1) / BINS);
  return Array.from({ length: Math.floor(top / width) + 1 }, (_, bin) => bin * width);
}

/** Returns the share of the lengths in each bin, or zeros if there are no lengths. `edges` rise from 0. */
export function binShares(lengths: readonly number[], edges: readonly number[]): number[] {
  const counts = edges.map(() => 0);
  for (const length of lengths) counts[edges.findLastIndex((edge) => edge <= length)]++;
  return counts.map((count) => (lengths.length === 0 ? 0 : count / lengths.length));
}

/** Rounds up to a round width: 1, 2, 5, 10, 20, 50 and so on. */
function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((width) => width >= value) ?? value;
}
