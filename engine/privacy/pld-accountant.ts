import type { MechanismPart } from '../../schemas/privacy.ts';
import { type ComposedPld, compose, lossWindow } from './composition.ts';
import { minimiseLogScale } from './golden-section.ts';
import { deltaAt, epsilonAt } from './hockey-stick.ts';
import { logLossMoment } from './loss-moment.ts';
import { numericalFailure } from './parts.ts';
import { discretise } from './pld.ts';
import { DIRECTIONS, type Direction } from './privacy-loss.ts';

/** Discretisation may raise epsilon by this part of itself. */
const RELATIVE_TOLERANCE = 1e-4;
const COARSE = 1e-2;
const FINEST_CELLS = 2 ** 21 - 64;
const THETA_RANGE = { low: 1e-6, high: 1e15 } as const;

/**
 * Smallest epsilon such that the composition of `parts` is (epsilon, delta)-DP under adding or removing one record, never below the truth:
 * both directions are composed apart and the larger epsilon is taken. Arguments must have been checked.
 * @throws NumericalFailure rather than give a number that rounding decided
 */
export function pldEpsilon(
  parts: readonly MechanismPart[],
  delta: number,
  tolerance = RELATIVE_TOLERANCE,
): number {
  const epsilon = epsilonIn('remove', parts, delta, tolerance);
  // The loss of adding is at most -ln(1 - q) a step: with few steps that settles it.
  const most = parts.reduce((sum, { samplingRate, steps }) => sum - steps * Math.log1p(-samplingRate), 0);
  if (most <= epsilon) return epsilon;
  // A coarse grid errs upwards too, so it can show that adding is the better case and spare the fine one.
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
  const renyi = (theta: number) => (logMoment(theta) - Math.log(delta)) / theta;
  const theta = minimiseLogScale(renyi, THETA_RANGE);
  const tail = (delta * 1e-6) / totalSteps(parts);
  const estimate = renyi(theta);
  const solve = (scale: number) => {
    const allowed = tolerance * scale * theta;
    return epsilonAt(
      composeWithin({ parts, direction, theta, tail, allowed, widest: scale / 50, logMoment }),
      delta,
    );
  };
  const epsilon = solve(estimate);
  // Where the Renyi estimate was much too high the tolerance was relative to the wrong number. Near zero, where delta alone almost covers
  // the loss, accuracy relative to epsilon would have no end.
  const scale = Math.max(epsilon, estimate / 100);
  return epsilon > 0 && scale < estimate / 3 ? solve(scale) : epsilon;
}

/** Smallest delta, never below the truth, at the given epsilon >= 0. Below 1e-60 the answer is an upper bound. */
export function pldDelta(parts: readonly MechanismPart[], epsilon: number): number {
  const bounds = DIRECTIONS.map((direction) => deltaBound(direction, parts, epsilon)).sort(
    (a, b) => b.bound - a.bound,
  );
  let delta = 0;
  for (const bounded of bounds) {
    // The other direction is often far below: its Renyi bound decides then.
    if (bounded.bound < 1e-60) delta = Math.max(delta, bounded.bound);
    else if (bounded.bound > delta * 1e-3) delta = Math.max(delta, deltaIn(bounded, parts, epsilon));
  }
  return delta;
}

interface BoundedDirection {
  readonly direction: Direction;
  readonly theta: number;
  readonly bound: number;
}

/** delta <= exp(logMoment(theta) - theta epsilon) (theta / (1 + theta))^theta / (1 + theta), at the best theta. */
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
  { direction, theta, bound }: BoundedDirection,
  parts: readonly MechanismPart[],
  epsilon: number,
): number {
  const logMoment = totalLogMoment(parts, direction);
  const tail = (bound * 1e-9) / totalSteps(parts);
  const window = lossWindow(logMoment, theta);
  const widest = (window.high - window.low) / 2000;
  const pld = composeWithin({
    parts,
    direction,
    theta,
    tail,
    allowed: 1e-4,
    widest,
    logMoment,
    include: epsilon,
  });
  return deltaAt(pld, epsilon);
}

/** Composes on a grid fine enough that discretisation raises the composed log moment by no more than `allowed`. */
function composeWithin(params: {
  parts: readonly MechanismPart[];
  direction: Direction;
  theta: number;
  tail: number;
  allowed: number;
  widest: number;
  logMoment: (theta: number) => number;
  include?: number;
}): ComposedPld {
  const { parts, direction, theta, tail, allowed, logMoment } = params;
  const window = lossWindow(logMoment, theta);
  const low = Math.min(window.low, params.include ?? window.low);
  // Fourteen deviations of the composed loss wide, about: a start at half the deviation of one step.
  const spread = (window.high - window.low) / 14;
  let interval = Math.min(params.widest, spread / Math.sqrt(totalSteps(parts)) / 2, 0.5 / theta);
  // The finest grid that fits in memory: taken, when the tolerance asks for more, if it comes near enough. It errs upwards only.
  const finest = (window.high - low) / FINEST_CELLS;
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const plds = parts.map((mechanism) => ({
      steps: mechanism.steps,
      pld: discretise({ mechanism, direction, theta, interval, tail }),
    }));
    const error = plds.reduce((sum, { pld, steps }) => sum + steps * pld.momentError, 0);
    if (error <= allowed || (interval === finest && error <= 50 * allowed)) {
      return compose(plds, { interval, theta, window: { ...window, low } });
    }
    if (interval === finest) break;
    interval = Math.max(finest, interval * Math.min(0.7, 0.9 * Math.sqrt(allowed / error)));
  }
  throw numericalFailure(
    'accountant: no grid is fine enough for these parameters; use fewer steps, another noise multiplier or sampling rate, or the rdp accountant.',
  );
}

function totalSteps(parts: readonly MechanismPart[]): number {
  return parts.reduce((sum, { steps }) => sum + steps, 0);
}

function totalLogMoment(parts: readonly MechanismPart[], direction: Direction): (theta: number) => number {
  return (theta) => parts.reduce((sum, part) => sum + part.steps * logLossMoment(part, direction, theta), 0);
}
