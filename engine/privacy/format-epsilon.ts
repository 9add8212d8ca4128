/** Formats epsilon with four digits, rounded up: rounding to nearest could state less than was spent. */
export function formatEpsilon(epsilon: number): string {
  if (epsilon === 0) return '0';
  const unit = 10 ** (3 - Math.floor(Math.log10(epsilon)));
  return `${Number((Math.ceil(epsilon * unit * (1 - 1e-12)) / unit).toPrecision(6))}`;
}
