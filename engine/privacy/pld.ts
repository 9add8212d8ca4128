import { logLossMoment } from './loss-moment.ts';
import { numericalFailure } from './parts.ts';
import { type Direction, logDensityAt, lossAt, outcomeAt, type SubsampledGaussian } from './privacy-loss.ts';

/**
 * The privacy loss distribution (PLD) of one step on the grid `interval * k`, exponentially tilted:
 * masses[k - offset] is proportional to P(loss = interval * k) * exp(theta * interval * k), and the masses
 * sum to 1. Tilting centres the composed distribution on the epsilon that is asked for, so that the
 * rounding noise of the FFT stays small compared with delta, however small delta is.
 */
export type TiltedPld = {
  offset: number;
  masses: Float64Array;
  /** ln E[exp(theta * loss)] of the discretised loss. */
  logMoment: number;
  /** How much discretisation raised `logMoment`; never negative, apart from rounding. */
  momentError: number;
  /** Probability that is charged as an infinite loss: the outcomes cut off at the top. */
  infinityMass: number;
};

/** Limits memory to about 100 MB. */
const MAX_CELLS = 6_000_000;

/**
 * Discretises by "connecting the dots" (Doroshenko, Ghazi, Kamath, Kumar, Manurangsi 2022, arXiv 2207.04380):
 * the mass of each cell goes to its two ends, such that its probability under both data sets is kept. The
 * result dominates the true loss distribution: its delta is never smaller, at any epsilon and after any
 * composition. Before composition it is exact at grid points.
 *
 * The mass that goes to a cell's upper end is the integral of expm1(lower - loss) / expm1(-interval), which
 * has no cancellation. Outcomes of probability at most `tail` are cut on either side: those at the top are
 * charged as infinite, those at the bottom move up to the first cell.
 * @throws NumericalFailure if the grid would not fit in memory
 */
export function discretise(params: {
  mechanism: SubsampledGaussian;
  direction: Direction;
  theta: number;
  interval: number;
  tail: number;
  /** Losses beyond +-span are cut like those of probability `tail`. @default none */
  span?: number;
}): TiltedPld {
  const { mechanism, direction, theta, interval, tail, span = Number.POSITIVE_INFINITY } = params;
  const sigma = mechanism.noiseMultiplier;
  const reach = sigma * Math.sqrt(2 * Math.log(1 / tail));
  const mean = direction === 'remove' ? 1 : 0;
  const bottom = Math.max(-reach, Math.min(0, outcomeAt(mechanism, direction, -span)));
  const top = Math.min(mean + reach, Math.max(mean, outcomeAt(mechanism, direction, span)));
  const offset = Math.floor(lossAt(mechanism, direction, bottom) / interval);
  const cells = Math.max(1, Math.ceil(lossAt(mechanism, direction, top) / interval) - offset);
  if (!(cells <= MAX_CELLS))
    throw numericalFailure(
      `accountant: noise multiplier ${sigma} at sampling rate ${mechanism.samplingRate} needs ${cells} ` +
        'cells: epsilon is too large or too small for PLD. Use another noise multiplier or the rdp ' +
        'accountant.',
    );
  const scale = logLossMoment(mechanism, direction, theta);
  const masses = new Float64Array(cells + 1);
  const cellMass = -Math.expm1(-interval);
  // Below this width the log density is nearly quadratic, and four Gauss points are exact up to rounding.
  const widest = sigma / 2;
  let exact = 0;
  let from = bottom;
  for (let cell = 0; cell < cells; cell++) {
    const lower = (offset + cell) * interval;
    const upper = cell === cells - 1 ? top : outcomeAt(mechanism, direction, lower + interval);
    const to = Math.min(top, Math.max(from, upper));
    const pieces = Math.max(1, Math.ceil((to - from) / widest));
    const half = (to - from) / pieces / 2;
    for (let piece = 0; piece < pieces; piece++) {
      const middle = from + (2 * piece + 1) * half;
      for (let node = 0; node < 4; node++) {
        const x = middle + half * NODES[node];
        const loss = lossAt(mechanism, direction, x);
        const weight =
          half * WEIGHTS[node] * Math.exp(logDensityAt(mechanism, direction, x, loss) + theta * loss - scale);
        const above = Math.min(interval, Math.max(0, loss - lower));
        const share = -Math.expm1(-above) / cellMass;
        const down = Math.exp(-theta * above);
        exact += weight;
        masses[cell] += weight * (1 - share) * down;
        masses[cell + 1] += weight * share * down * Math.exp(theta * interval);
      }
    }
    from = to;
  }
  let total = 0;
  for (const mass of masses) total += mass;
  const momentError = Math.log(total / exact);
  const moved = normalTail(-bottom / sigma) * Math.exp(theta * (offset + 1) * interval - scale);
  masses[1] += moved;
  total += moved;
  if (!(Number.isFinite(total) && total > 0))
    throw numericalFailure(
      `accountant: the privacy loss overflows for noise multiplier ${sigma} at sampling rate ` +
        `${mechanism.samplingRate}. Use more noise.`,
    );
  for (let k = 0; k <= cells; k++) masses[k] /= total;
  return {
    offset,
    masses,
    logMoment: scale + Math.log(total),
    momentError,
    infinityMass: normalTail((top - mean) / sigma),
  };
}

/** Returns an upper bound on P(N(0,1) > z), for z >= 0. */
function normalTail(z: number): number {
  return Math.exp(-(z * z) / 2) / 2;
}

// Gauss-Legendre, four points on [-1, 1].
const NODES = [-0.8611363115940526, -0.33998104358485626, 0.33998104358485626, 0.8611363115940526];
const WEIGHTS = [0.34785484513745385, 0.6521451548625461, 0.6521451548625461, 0.34785484513745385];
