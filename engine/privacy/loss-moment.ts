import type { Direction, SubsampledGaussian } from './privacy-loss.ts';
import { logDensityRatio, outcomeOfLogRatio } from './privacy-loss.ts';

/**
 * Returns ln E_{x ~ N(0, sigma^2)} [ r(x)^power ], with r the density ratio of the subsampled Gaussian (see
 * privacy-loss.ts). It uses the trapezoid rule, which converges geometrically here because the integrand is
 * analytic in the strip |Im x| < pi sigma^2. The result is (alpha - 1) times the Renyi divergence of order
 * alpha = power for `remove` (Mironov, Talwar, Zhang 2019, arXiv 1908.10530).
 */
export function logRatioMoment(mechanism: SubsampledGaussian, power: number): number {
  const { samplingRate: q, noiseMultiplier: s } = mechanism;
  if (q === 1) return (power * (power - 1)) / (2 * s * s);
  const step = Math.min(s / 8, (s * s) / 3);
  const intervals = supports(mechanism, power, step);
  let peak = Number.NEGATIVE_INFINITY;
  let sum = 0;
  overGrid(intervals, step, (x, width) => {
    const value = -(x * x) / (2 * s * s) + power * logDensityRatio(mechanism, x);
    if (value > peak) {
      sum *= Math.exp(peak - value);
      peak = value;
    }
    sum += Math.exp(value - peak) * width;
  });
  const logNorm = Math.log(s) + 0.5 * Math.log(2 * Math.PI);
  const moment = peak + Math.log(sum) - logNorm;
  if (Math.abs(moment) > 1e-3) return moment;
  // Near 1, the moment minus 1 is summed directly, so that tiny losses are not lost to rounding.
  let excess = 0;
  overGrid(intervals, step, (x, width) => {
    const growth = power * logDensityRatio(mechanism, x);
    const base = -(x * x) / (2 * s * s);
    excess +=
      width * (growth < 1 ? Math.exp(base) * Math.expm1(growth) : Math.exp(base + growth) - Math.exp(base));
  });
  return Math.log1p(excess * Math.exp(-logNorm));
}

function overGrid(
  intervals: readonly [number, number][],
  step: number,
  visit: (x: number, width: number) => void,
): void {
  for (const [from, to] of intervals) {
    const count = Math.ceil((to - from) / step);
    const width = (to - from) / count;
    for (let k = 0; k <= count; k++) visit(from + k * width, width);
  }
}

/**
 * Returns ln E[exp(theta * loss)] of one step in the given direction, with the outcome drawn from the
 * first data set.
 */
export function logLossMoment(mechanism: SubsampledGaussian, direction: Direction, theta: number): number {
  return logRatioMoment(mechanism, direction === 'remove' ? theta + 1 : -theta);
}

const REACH = 10;
const MAX_POINTS = 5_000;

/**
 * Returns where the integrand is not negligible: around its lowest and highest peaks, and around the point
 * where the two mixture terms cross.
 */
function supports(mechanism: SubsampledGaussian, power: number, step: number): [number, number][] {
  const { samplingRate: q, noiseMultiplier: s } = mechanism;
  const low = peakFrom(mechanism, power, power * q);
  const high = peakFrom(mechanism, power, power);
  const [from, to] = [Math.min(low, high, 0) - REACH * s, Math.max(low, high, 0) + REACH * s];
  if ((to - from) / step <= MAX_POINTS) return [[from, to]];
  const crossing = outcomeOfLogRatio(mechanism, Math.LN2 + Math.log1p(-q));
  const centres = [low, high, crossing].sort((a, b) => a - b);
  const intervals: [number, number][] = [];
  for (const centre of centres) {
    const last = intervals.at(-1);
    if (last && centre - REACH * s <= last[1]) last[1] = centre + REACH * s;
    else intervals.push([centre - REACH * s, centre + REACH * s]);
  }
  return intervals;
}

/** Returns a stationary point of the log integrand: x = power * q e^y / r(x). */
function peakFrom(mechanism: SubsampledGaussian, power: number, start: number): number {
  const { samplingRate: q, noiseMultiplier: s } = mechanism;
  const next = (x: number) =>
    power * Math.exp(Math.log(q) + (2 * x - 1) / (2 * s * s) - logDensityRatio(mechanism, x));
  if (power < 0) return crossingOf(next, { low: power, high: 0, precision: 0.01 * s });
  // `next` grows with x, so iterating from below (above) reaches the lowest (highest) peak.
  let x = start;
  for (let k = 0; k < 100; k++) {
    const moved = next(x);
    if (Math.abs(moved - x) < 0.01 * s) return moved;
    x = moved;
  }
  return x;
}

/** Returns where a falling function of x equals x, by bisection. */
function crossingOf(
  next: (x: number) => number,
  { low, high, precision }: { low: number; high: number; precision: number },
): number {
  let [from, to] = [low, high];
  while (to - from > Math.max(precision, 1e-12 * Math.abs(from))) {
    const middle = (from + to) / 2;
    if (next(middle) > middle) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
