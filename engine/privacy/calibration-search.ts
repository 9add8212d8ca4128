import { invalidConfig } from '../../schemas/errors.ts';
import { NOISE_MULTIPLIER_RANGE } from './parts.ts';

/**
 * Noise multipliers below and above the one that is searched for, and the factor that widens the bracket if
 * they are not.
 */
export type Bracket = {
  low: number;
  high: number;
  growth: number;
};

/** When to stop narrowing. */
export type Precision = {
  /** The largest acceptable high / low. */
  ratio: number;
  /** How far epsilon(high) may be below the target, relative. @default any amount */
  slack?: number;
  /**
   * True if epsilon is only a loose bound there: coming closer to such a noise multiplier gains
   * nothing. @default never
   */
  isLoose?: (sigma: number) => boolean;
};

/** Narrowing further is useless: the accountant itself is less exact. */
const SMALLEST_RATIO = 1 + 1e-7;

/**
 * Widens the bracket until epsilon(low) > target >= epsilon(high), then narrows it as far as `precision`
 * asks. Epsilon can fall by orders of magnitude within one percent of noise, and can even jump. The bracket
 * then closes on the jump, and `high` is the side that meets the target.
 * @throws InvalidConfig if no noise multiplier in range meets the target
 */
export function narrow(
  lossAt: (sigma: number) => number,
  target: number,
  start: Bracket,
  { ratio, slack = Number.POSITIVE_INFINITY, isLoose = () => false }: Precision,
): Bracket {
  const { min, max } = NOISE_MULTIPLIER_RANGE;
  let [low, high, growth]: number[] = [inRange(start.low), inRange(start.high), start.growth];
  let [atLow, atHigh] = [lossAt(low), lossAt(high)];
  while (!(atHigh <= target)) {
    if (high === max)
      throw invalidConfig(
        `epsilon ${target} is too small: even a noise multiplier of ${max} does not reach it. ` +
          'Use a larger epsilon, a larger delta or fewer steps.',
      );
    growth **= 4;
    [low, atLow] = [high, atHigh];
    high = Math.min(max, high * growth);
    atHigh = lossAt(high);
  }
  growth = start.growth;
  while (atLow <= target) {
    if (low === min) return { low, high: low, growth };
    growth **= 4;
    [high, atHigh] = [low, atLow];
    low = Math.max(min, low / growth);
    atLow = lossAt(low);
  }
  const wide = () =>
    high / low > ratio || (atHigh < target * (1 - slack) && high / low > SMALLEST_RATIO && !isLoose(low));
  for (let round = 0; wide(); round++) {
    const middle =
      round % 3 === 2 ? Math.sqrt(low * high) : interpolate({ low, high, atLow, atHigh, target, ratio });
    const atMiddle = lossAt(middle);
    if (atMiddle <= target) [high, atHigh] = [middle, atMiddle];
    else [low, atLow] = [middle, atMiddle];
  }
  return { low, high, growth };
}

/**
 * Returns where epsilon meets the target if ln epsilon is linear in ln sigma. The guess is nudged, so that a
 * good one closes the bracket from both sides.
 */
function interpolate(at: {
  low: number;
  high: number;
  atLow: number;
  atHigh: number;
  target: number;
  ratio: number;
}): number {
  const { low, high, atLow, atHigh, target, ratio } = at;
  if (!(Number.isFinite(atLow) && atHigh > 0)) return Math.sqrt(low * high);
  const share = Math.log(atLow / target) / Math.log(atLow / atHigh);
  const guess = low * (high / low) ** share;
  const nudge = Math.sqrt(Math.min(ratio, (high / low) ** 0.1));
  const nudged = share < 0.5 ? guess * nudge : guess / nudge;
  const edge = (high / low) ** 0.02;
  return Math.min(high / edge, Math.max(low * edge, nudged));
}

/**
 * Improves a guess that is within a few percent to about 1e-5, by two secant steps on ln epsilon
 * over ln sigma.
 */
export function refine(lossAt: (sigma: number) => number, target: number, guess: number): number {
  const near = inRange(guess * 1.01);
  const [atGuess, atNear] = [lossAt(guess), lossAt(near)];
  const better = secant({ target, from: guess, atFrom: atGuess, to: near, atTo: atNear });
  return secant({ target, from: guess, atFrom: atGuess, to: better, atTo: lossAt(better) });
}

function secant(at: { target: number; from: number; atFrom: number; to: number; atTo: number }): number {
  const { target, from, atFrom, to, atTo } = at;
  const slope = Math.log(atTo / atFrom) / Math.log(to / from);
  const moved = from * (target / atFrom) ** (1 / slope);
  // If epsilon is zero, infinite or flat, there is no line to follow: the bracket search takes over.
  return slope < 0 && moved > from / 1.2 && moved < from * 1.2 ? inRange(moved) : from;
}

export function inRange(sigma: number): number {
  return Math.min(NOISE_MULTIPLIER_RANGE.max, Math.max(NOISE_MULTIPLIER_RANGE.min, sigma));
}
