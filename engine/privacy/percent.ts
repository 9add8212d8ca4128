/** Formats a share in percent, rounded up: a bound must not be understated. */
export function percent(share: number): string {
  if (share > 0.9999) return share >= 1 ? '100%' : 'nearly 100%';
  return `${Number((Math.ceil(share * 1e4 - 1e-9) / 100).toFixed(2))}%`;
}
