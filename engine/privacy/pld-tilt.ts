import type { MechanismPart } from '../../schemas/privacy.ts';
import { type LossWindow, lossWindow } from './composition.ts';
import { isNumericalFailure } from './parts.ts';

/** An exponential tilt, and where the composed loss lies under it. */
export type Tilt = {
  theta: number;
  window: LossWindow;
};

/** A window of at most this many times epsilon is narrow enough for any grid. */
const NARROW = 12;
const SHRINK = 0.75;
const MOST_SHRINKS = 9;
const ROUNDING = 2 ** -53;
/**
 * How much many steps are expected to amplify rounding noise: the mass that is not at loss 0 decides, and it
 * is small then.
 */
const MOST_GROWTH = 1000;
/** Expected rounding noise that a tilt may leave at epsilon, relative to delta. */
const MAX_EXPECTED_NOISE = 1e-6;

/**
 * Solves with the best tilt, or with the next best if rounding or the size of the grid rules that one out.
 *
 * The tilt of the best Renyi order, `theta`, leaves the least rounding noise. If a rare large loss decides
 * (at a small sampling rate), that tilt splits the distribution between the many small losses and the rare
 * large ones, and the window that holds both is very wide. A smaller tilt narrows the window, and is used as
 * long as rounding noise stays far below delta.
 * @throws NumericalFailure of the last tilt, if no tilt answers
 */
export function withTilts(
  at: {
    theta: number;
    epsilon: number;
    delta: number;
    parts: readonly MechanismPart[];
    logMoment: (theta: number) => number;
  },
  solve: (tilt: Tilt) => number,
): number {
  const tilts = tiltsOf(at);
  for (const [index, tilt] of tilts.entries()) {
    try {
      return solve(tilt);
    } catch (error) {
      if (!isNumericalFailure(error) || index === tilts.length - 1) throw error;
    }
  }
  throw new RangeError('no tilt to try');
}

/**
 * Returns the tilts to try: the one with the narrowest window first, then ever stronger ones, which leave
 * less rounding noise.
 */
function tiltsOf({
  theta: strongest,
  epsilon,
  delta,
  parts,
  logMoment,
}: Parameters<typeof withTilts>[0]): Tilt[] {
  const steps = parts.reduce((sum, part) => sum + part.steps, 0);
  const tilts: Tilt[] = [];
  for (let k = 0; k <= MOST_SHRINKS; k++) {
    const theta = strongest * SHRINK ** k;
    const noise =
      Math.exp(logMoment(theta) - theta * epsilon - Math.log(delta)) *
      ROUNDING *
      Math.min(steps, MOST_GROWTH);
    if (k > 0 && noise > MAX_EXPECTED_NOISE) break;
    const window = lossWindow(logMoment, theta);
    tilts.push({ theta, window });
    if (window.high - window.low <= NARROW * epsilon) break;
  }
  const narrowest = tilts.reduce((best, tilt, k) => (width(tilt) < width(tilts[best]) ? k : best), 0);
  const tries = [narrowest];
  for (let k = narrowest; k > 0; ) {
    k = Math.floor(k / 2);
    tries.push(k);
  }
  return tries.map((k) => tilts[k]);
}

function width({ window }: Tilt): number {
  return window.high - window.low;
}
