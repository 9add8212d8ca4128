import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { Accountant, MechanismPart } from '../../schemas/privacy.ts';
import { epsilonOf } from './accountant.ts';
import { assertDelta, assertEpsilon, assertParts, NOISE_MULTIPLIER_RANGE } from './parts.ts';

export interface CalibrationParams {
  readonly samplingRate: number;
  readonly steps: number;
  readonly epsilon: number;
  readonly delta: number;
  /** What else spends the same budget on the same records, such as a label histogram. @default none */
  readonly otherParts?: readonly MechanismPart[];
  /** @default 'pld' */
  readonly accountant?: Accountant;
}

/**
 * The smallest noise multiplier with which `steps` steps and `otherParts` together are (epsilon, delta)-DP, rounded up: its epsilon is never
 * above the target, and the noise is at most 1e-4 (relative) more than needed.
 * @throws InvalidConfig when a parameter is out of range or `otherParts` alone spend the budget; NumericalFailure
 */
export function calibrateNoiseMultiplier(params: CalibrationParams): number {
  const { samplingRate, steps, epsilon, delta, otherParts = [], accountant = 'pld' } = params;
  assertEpsilon(epsilon);
  assertDelta(delta);
  assertParts([{ samplingRate, noiseMultiplier: 1, steps }, ...otherParts]);
  if (otherParts.length > 0) refuseSpentBudget(params);
  const lossAt = (noiseMultiplier: number, tolerance: number) => {
    try {
      const parts = [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
      return epsilonOf({ parts, delta, accountant, tolerance });
    } catch (error) {
      // Too little noise overflows the accountant long before it is private: the search goes on above it.
      if (error instanceof DpsynthError && error.type === ErrorType.NumericalFailure)
        return Number.POSITIVE_INFINITY;
      throw error;
    }
  };
  const coarse = narrow((sigma) => lossAt(sigma, 1e-2), epsilon, bracket(1, 2), 1.03);
  if (coarse.high === NOISE_MULTIPLIER_RANGE.min) return coarse.high;
  const fine = (sigma: number) => lossAt(sigma, 1e-4);
  return narrow(fine, epsilon, bracket(refine(fine, epsilon, coarse.high), 1.00004), 1.0001).high;
}

/** A guess within about 1e-5 of the answer, by two secant steps on ln epsilon over ln sigma from a guess within a few percent. */
function refine(lossAt: (sigma: number) => number, target: number, guess: number): number {
  const near = inRange(guess * 1.01);
  const [atGuess, atNear] = [lossAt(guess), lossAt(near)];
  const better = secant({ target, from: guess, atFrom: atGuess, to: near, atTo: atNear });
  return secant({ target, from: guess, atFrom: atGuess, to: better, atTo: lossAt(better) });
}

function secant(at: { target: number; from: number; atFrom: number; to: number; atTo: number }): number {
  const { target, from, atFrom, to, atTo } = at;
  const slope = Math.log(atTo / atFrom) / Math.log(to / from);
  const moved = from * (target / atFrom) ** (1 / slope);
  // Where epsilon is zero, infinite or flat there is no line to follow: the bracket search takes over.
  return slope < 0 && moved > from / 1.2 && moved < from * 1.2 ? inRange(moved) : from;
}

function inRange(sigma: number): number {
  return Math.min(NOISE_MULTIPLIER_RANGE.max, Math.max(NOISE_MULTIPLIER_RANGE.min, sigma));
}

interface Bracket {
  low: number;
  high: number;
  readonly growth: number;
}

function bracket(guess: number, growth: number): Bracket {
  return { low: guess / growth, high: guess * growth, growth };
}

/** Widens the bracket until epsilon(low) > target >= epsilon(high), then narrows it until high / low <= ratio. */
function narrow(lossAt: (sigma: number) => number, target: number, start: Bracket, ratio: number): Bracket {
  const { min, max } = NOISE_MULTIPLIER_RANGE;
  let [low, high, growth] = [inRange(start.low), inRange(start.high), start.growth];
  let [atLow, atHigh] = [lossAt(low), lossAt(high)];
  while (atHigh > target) {
    if (high === max) {
      throw invalidConfig(
        `epsilon ${target} cannot be reached with a noise multiplier up to ${max}; use a larger epsilon or fewer steps.`,
      );
    }
    growth *= growth;
    [low, atLow] = [high, atHigh];
    high = Math.min(max, high * growth);
    atHigh = lossAt(high);
  }
  growth = start.growth;
  while (atLow <= target) {
    if (low === min) return { low, high: low, growth };
    growth *= growth;
    [high, atHigh] = [low, atLow];
    low = Math.max(min, low / growth);
    atLow = lossAt(low);
  }
  for (let round = 0; high / low > ratio; round += 1) {
    const middle =
      round % 3 === 2 ? Math.sqrt(low * high) : interpolate({ low, high, atLow, atHigh, target, ratio });
    const atMiddle = lossAt(middle);
    if (atMiddle <= target) [high, atHigh] = [middle, atMiddle];
    else [low, atLow] = [middle, atMiddle];
  }
  return { low, high, growth };
}

/** Where epsilon meets the target if ln epsilon is linear in ln sigma, nudged so that a good guess closes the bracket from both sides. */
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
  const nudge = Math.sqrt(ratio);
  const nudged = share < 0.5 ? guess * nudge : guess / nudge;
  const edge = (high / low) ** 0.02;
  return Math.min(high / edge, Math.max(low * edge, nudged));
}

function refuseSpentBudget({ otherParts = [], delta, epsilon, accountant }: CalibrationParams): void {
  const spent = epsilonOf({ parts: otherParts, delta, accountant });
  if (spent >= epsilon) {
    throw invalidConfig(
      `the other mechanisms alone spend epsilon ${spent.toPrecision(4)} of ${epsilon}; give them more noise or raise epsilon.`,
    );
  }
}
