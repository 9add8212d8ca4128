import type { ComposedPld } from './composition.ts';
import { numericalFailure, SMALL_EPSILON } from './parts.ts';

/**
 * FFT rounding is far below this share of delta. It is added, so that rounding can never make
 * delta too small.
 */
const ROUNDING_ALLOWANCE = 1e-8;
/**
 * Negative masses are pure rounding noise; if they weigh more than this share of delta, the
 * answer is refused.
 */
const MAX_NOISE = 1e-4;
/**
 * Positive noise weighs as much and is counted, so the answer stays above the truth. Below `SMALL_EPSILON`
 * that is enough.
 */
const MAX_NOISE_AT_SMALL = 1e-2;

/**
 * Returns the smallest epsilon >= 0 with delta(epsilon) <= delta, and how fast ln delta falls there per
 * unit of epsilon.
 * @throws NumericalFailure if rounding or truncation would decide the result
 */
export function epsilonAt(pld: ComposedPld, delta: number): { epsilon: number; steepness: number } {
  const target = delta * (1 - ROUNDING_ALLOWANCE);
  for (const { delta: above, slope, loss, noise } of descend(pld)) {
    if (above > target)
      throw numericalFailure(`accountant: delta ${delta} is below the probability that was cut off.`);
    const lower = loss - pld.interval;
    const atLower = above - slope * Math.expm1(-pld.interval);
    if (atLower <= target && lower > 0) continue;
    const epsilon = atLower <= target ? lower : loss + Math.log1p(-(target - above) / slope);
    if (noise > (epsilon > SMALL_EPSILON ? MAX_NOISE : MAX_NOISE_AT_SMALL) * delta)
      throw numericalFailure(`accountant: rounding noise would decide the result at delta ${delta}.`);
    return { epsilon: Math.max(0, epsilon), steepness: slope / delta };
  }
  return { epsilon: Math.max(0, pld.offset * pld.interval), steepness: 0 };
}

/** Returns delta(epsilon): never below the truth, at most 1. */
export function deltaAt(pld: ComposedPld, epsilon: number): number {
  for (const { delta: above, slope, loss } of descend(pld)) {
    if (epsilon >= loss) return Math.min(1, above);
    if (epsilon < loss - pld.interval) continue;
    return Math.min(1, (above - slope * Math.expm1(epsilon - loss)) * (1 + ROUNDING_ALLOWANCE));
  }
  throw numericalFailure(`accountant: epsilon ${epsilon} is below the window of losses.`);
}

/**
 * Yields the grid losses from the highest down, each with delta there and the slope with which delta
 * grows below it: delta(e) = delta - slope * expm1(e - loss), down to the next grid loss. It adds
 * non-negative terms only.
 */
function* descend(
  pld: ComposedPld,
): Generator<{ delta: number; slope: number; loss: number; noise: number }> {
  const { masses, offset, interval, theta, logMoment } = pld;
  const shrink = Math.exp(-interval);
  let delta = pld.infinityMass;
  let [slope, noise, noiseSlope] = [0, 0, 0];
  for (let k = masses.length - 1; k >= 0; k--) {
    const loss = (offset + k) * interval;
    const mass = masses[k] * Math.exp(logMoment - theta * loss);
    slope += Math.max(0, mass);
    noiseSlope += Math.max(0, -mass);
    yield { delta, slope, loss, noise };
    delta += slope * (1 - shrink);
    noise += noiseSlope * (1 - shrink);
    slope *= shrink;
    noiseSlope *= shrink;
  }
}
