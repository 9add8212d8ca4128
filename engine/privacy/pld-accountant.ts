import type { MechanismPart } from '../../schemas/privacy.ts';
import { type ComposedPld, compose, type LossWindow } from './composition.ts';
import { minimiseLogScale } from './golden-section.ts';
import { deltaAt, epsilonAt } from './hockey-stick.ts';
import { logLossMoment } from './loss-moment.ts';
import { isNumericalFailure, numericalFailure, SMALL_EPSILON } from './parts.ts';
import { discretise } from './pld.ts';
import { withTilts } from './pld-tilt.ts';
import { DIRECTIONS, type Direction } from './privacy-loss.ts';
import { renyiBound } from './rdp.ts';

/** Discretisation may raise epsilon by this share of itself. */
const RELATIVE_TOLERANCE = 1e-4;
/**
 * Below `SMALL_EPSILON` the finest grid may leave this error, if the relative tolerance asks for more cells
 * than fit in memory.
 */
const ABSOLUTE_TOLERANCE = 3e-5;
const COARSE = 1e-2;
const FINEST_CELLS = 2 ** 21 - 64;

/**
 * Returns the smallest epsilon for which the composition of `parts` is (epsilon, delta)-DP when one unit is
 * replaced by one that contributes nothing; never below the truth. Both directions are composed separately,
 * and the larger epsilon is returned. Arguments must have been checked.
 * @throws NumericalFailure if rounding would decide the result
 */
export function pldEpsilon(
  given: readonly MechanismPart[],
  delta: number,
  tolerance = RELATIVE_TOLERANCE,
): number {
  const parts = mergeGaussians(given);
  const epsilon = epsilonIn('remove', parts, delta, tolerance);
  // The loss of adding is at most -ln(1 - q) per step: with few steps that settles it.
  const most = parts.reduce((sum, { samplingRate, steps }) => sum - steps * Math.log1p(-samplingRate), 0);
  if (most <= epsilon) return epsilon;
  // A coarse grid errs upwards too. If it shows that adding is the better case, the fine grid is not needed.
  if (tolerance < COARSE && epsilonIn('add', parts, delta, COARSE) <= epsilon) return epsilon;
  return Math.max(epsilon, epsilonIn('add', parts, delta, tolerance));
}

function epsilonIn(
  direction: Direction,
  parts: readonly MechanismPart[],
  delta: number,
  tolerance: number,
): number {
  const logMoment = totalLogMoment(parts, direction);
  const bound = renyiBound(logMoment, delta);
  if (bound.epsilon <= 0) return 0;
  const tail = (delta * 1e-6) / totalSteps(parts);
  return withTilts({ ...bound, parts, delta, logMoment }, ({ theta, window }) => {
    const solve = (scale: number, slope: number) => {
      // Discretisation adds variance to every step. The error of the log moment grows with the square of the
      // tilt, that of epsilon with the slope of ln delta.
      const perEpsilon = (theta * theta) / slope;
      const pld = composeWithin({
        parts,
        direction,
        theta,
        window,
        tail,
        allowed: tolerance * scale * perEpsilon,
        tolerated: ABSOLUTE_TOLERANCE * perEpsilon,
        widest: scale / 50,
      });
      return epsilonAt(pld, delta);
    };
    const { epsilon, steepness } = solve(bound.epsilon, bound.theta);
    // The tolerance was relative to the wrong number if the Renyi estimate was much too high, or its order
    // much too low because a rare large loss decided it. Near zero, where delta alone almost covers the loss,
    // relative accuracy can never be reached.
    const scale = Math.max(epsilon, bound.epsilon / 100);
    const exact =
      epsilon < SMALL_EPSILON
        ? tolerance * bound.epsilon < COARSE * epsilon
        : scale >= bound.epsilon / 3 && steepness < 2 * bound.theta;
    if (epsilon === 0 || exact) return epsilon;
    try {
      return Math.min(epsilon, solve(scale, Math.max(steepness, bound.theta)).epsilon);
    } catch (error) {
      // The first answer is sound, and accurate enough for a small epsilon.
      if (isNumericalFailure(error) && epsilon < SMALL_EPSILON) return epsilon;
      throw error;
    }
  });
}

/**
 * Returns the smallest delta at the given epsilon >= 0, never below the truth. Below 1e-60 it is only
 * an upper bound.
 */
export function pldDelta(given: readonly MechanismPart[], epsilon: number): number {
  const parts = mergeGaussians(given);
  const bounds = DIRECTIONS.map((direction) => deltaBound(direction, parts, epsilon)).sort(
    (a, b) => b.bound - a.bound,
  );
  let delta = 0;
  for (const bounded of bounds) {
    // The other direction is often far below; then its Renyi bound is enough.
    if (bounded.bound < 1e-60) delta = Math.max(delta, bounded.bound);
    else if (bounded.bound > delta * 1e-3) delta = Math.max(delta, deltaIn(bounded, parts, epsilon));
  }
  return delta;
}

type BoundedDirection = {
  direction: Direction;
  theta: number;
  bound: number;
};

/**
 * Bounds delta by exp(logMoment(theta) - theta epsilon) (theta / (1 + theta))^theta / (1 + theta), at
 * the best theta.
 */
function deltaBound(
  direction: Direction,
  parts: readonly MechanismPart[],
  epsilon: number,
): BoundedDirection {
  const logMoment = totalLogMoment(parts, direction);
  const logBound = (theta: number) =>
    logMoment(theta) - theta * (epsilon + Math.log1p(1 / theta)) - Math.log1p(theta);
  const theta = minimiseLogScale(logBound, { low: 1e-6, high: 1e9 });
  return { direction, theta, bound: Math.exp(Math.min(0, logBound(theta))) };
}

function deltaIn(
  { direction, theta: best, bound }: BoundedDirection,
  parts: readonly MechanismPart[],
  epsilon: number,
): number {
  const logMoment = totalLogMoment(parts, direction);
  const tail = (bound * 1e-9) / totalSteps(parts);
  return withTilts({ theta: best, epsilon, parts, delta: bound, logMoment }, ({ theta, window }) => {
    const widest = (window.high - window.low) / 2000;
    const allowed = 1e-4 * (theta / best) ** 2;
    const pld = composeWithin({ parts, direction, theta, window, tail, allowed, widest, include: epsilon });
    return deltaAt(pld, epsilon);
  });
}

/**
 * Composes on a grid fine enough that discretisation raises the composed log moment by no
 * more than `allowed`.
 */
function composeWithin(params: {
  parts: readonly MechanismPart[];
  direction: Direction;
  theta: number;
  window: LossWindow;
  tail: number;
  allowed: number;
  widest: number;
  /** Error of the composed log moment that is accepted from the finest grid. @default 0 */
  tolerated?: number;
  include?: number;
}): ComposedPld {
  const { parts, direction, theta, window, tail, allowed } = params;
  const low = Math.min(window.low, params.include ?? window.low);
  // The window is about fourteen deviations of the composed loss wide: start at half the deviation
  // of one step.
  const spread = (window.high - window.low) / 14;
  const span = Math.max(window.high, window.high - low);
  let interval = Math.min(params.widest, spread / Math.sqrt(totalSteps(parts)) / 2, 0.5 / theta);
  // The finest grid that fits in memory. If the tolerance asks for more, it is accepted when it comes near
  // enough: it errs upwards only.
  const finest = (window.high - low) / FINEST_CELLS;
  for (let attempt = 0; attempt < 12; attempt++) {
    const plds = parts.map((mechanism) => ({
      steps: mechanism.steps,
      pld: discretise({ mechanism, direction, theta, interval, tail, span }),
    }));
    const error = plds.reduce((sum, { pld, steps }) => sum + steps * pld.momentError, 0);
    if (error <= allowed || (interval === finest && error <= Math.max(50 * allowed, params.tolerated ?? 0)))
      return compose(plds, { interval, theta, window: { ...window, low } });
    if (interval === finest) break;
    interval = Math.max(finest, interval * Math.min(0.7, 0.9 * Math.sqrt(allowed / error)));
  }
  throw numericalFailure(
    'accountant: no grid is fine enough for these parameters. Use fewer steps, another noise multiplier or ' +
      'sampling rate, or the rdp accountant.',
  );
}

/** Merges all runs of the plain Gaussian mechanism into one run with less noise: 1 / sigma^2 adds up. */
function mergeGaussians(parts: readonly MechanismPart[]): readonly MechanismPart[] {
  const plain = parts.filter(({ samplingRate }) => samplingRate === 1);
  if (plain.length === 0) return parts;
  const information = plain.reduce((sum, part) => sum + part.steps / part.noiseMultiplier ** 2, 0);
  const merged = { samplingRate: 1, steps: 1, noiseMultiplier: information ** -0.5 };
  return [...parts.filter(({ samplingRate }) => samplingRate < 1), merged];
}

function totalSteps(parts: readonly MechanismPart[]): number {
  return parts.reduce((sum, { steps }) => sum + steps, 0);
}

function totalLogMoment(parts: readonly MechanismPart[], direction: Direction): (theta: number) => number {
  return (theta) => parts.reduce((sum, part) => sum + part.steps * logLossMoment(part, direction, theta), 0);
}
