/**
 * The privacy loss of one Gaussian mechanism on a Poisson sample, written so that the loss grows with
 * the outcome x.
 *
 * With phi_m the density of N(m, sigma^2) and r(x) = 1 - q + q exp((2x - 1) / (2 sigma^2)) the density ratio
 * of the mixture to phi_0:
 * - `remove` (the record is in the first data set): x ~ (1-q) phi_0 + q phi_1, loss = ln r(x);
 * - `add` (the record is in the second): -x ~ phi_0, loss = -ln r(-x) (mirrored, so that it grows too).
 *
 * Both directions are needed for zero-out neighbours. A unit that contributes nothing leaves the sum as it
 * is, so the losses are those of adding and removing a record with n held fixed.
 *
 * Source: Koskela, Jalko, Honkela 2020 (arXiv 1906.03049), section 5.
 */
export type Direction = 'remove' | 'add';
export const DIRECTIONS: readonly Direction[] = ['remove', 'add'];

export type SubsampledGaussian = {
  samplingRate: number;
  noiseMultiplier: number;
};

/** Returns ln r(x). It never overflows, and keeps its relative accuracy where r is near 1. */
export function logDensityRatio(
  { samplingRate: q, noiseMultiplier: s }: SubsampledGaussian,
  x: number,
): number {
  const y = (2 * x - 1) / (2 * s * s);
  if (q === 1) return y;
  return y > 30 ? y + Math.log(q) + Math.log1p(((1 - q) / q) * Math.exp(-y)) : Math.log1p(q * Math.expm1(y));
}

/** Returns the outcome x with ln r(x) = `value`; -Infinity if r never gets that small. */
export function outcomeOfLogRatio(
  { samplingRate: q, noiseMultiplier: s }: SubsampledGaussian,
  value: number,
): number {
  const scale = s * s;
  if (q === 1) return scale * value + 0.5;
  if (value > 50) return scale * (value - Math.log(q) + Math.log1p(-(1 - q) * Math.exp(-value))) + 0.5;
  const ratio = Math.expm1(value) / q;
  return ratio <= -1 ? Number.NEGATIVE_INFINITY : scale * Math.log1p(ratio) + 0.5;
}

/** Returns the loss at outcome x, in the direction's own orientation: it never falls as x grows. */
export function lossAt(mechanism: SubsampledGaussian, direction: Direction, x: number): number {
  return direction === 'remove' ? logDensityRatio(mechanism, x) : -logDensityRatio(mechanism, -x);
}

/** Returns the outcome with the given loss; -Infinity below all losses, +Infinity above them. */
export function outcomeAt(mechanism: SubsampledGaussian, direction: Direction, loss: number): number {
  return direction === 'remove' ? outcomeOfLogRatio(mechanism, loss) : -outcomeOfLogRatio(mechanism, -loss);
}

/**
 * Returns the log density of the outcome under the first data set, given the loss there (which holds ln
 * r for `remove`).
 */
export function logDensityAt(
  { noiseMultiplier: s }: SubsampledGaussian,
  direction: Direction,
  x: number,
  loss: number,
): number {
  const base = -(x * x) / (2 * s * s) - Math.log(s) - 0.5 * Math.log(2 * Math.PI);
  return direction === 'remove' ? base + loss : base;
}
