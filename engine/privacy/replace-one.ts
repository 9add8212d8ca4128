import type { MechanismPart } from '../../schemas/privacy.ts';
import { type ComposedPld, compose, type LossWindow } from './composition.ts';
import { epsilonAt } from './hockey-stick.ts';
import { assertDelta, assertParts, numericalFailure } from './parts.ts';
import type { TiltedPld } from './pld.ts';
import { withTilts } from './pld-tilt.ts';
import { renyiBound } from './rdp.ts';
import { type ReplaceOneLosses, replaceOneLosses } from './replace-one-losses.ts';

/** Discretisation may raise epsilon by this share of itself. */
const TOLERANCE = 1e-3;
const FINEST_CELLS = 2 ** 20;
/** Quadrature replaces the losses between its points: its error is far below this. */
const ALLOWANCE = 1 + 1e-4;

/**
 * Returns the smallest epsilon for which the composition of `parts` is (epsilon, delta)-DP when one unit is
 * replaced by another, which is drawn whenever the first would have been; {@link replaceOneLosses} says why.
 * It is never below the truth, and about 0.1% above it. It is more than the epsilon of zero-out adjacency,
 * and less than twice as much if records are drawn rarely.
 * @throws InvalidConfig for parts or a delta out of range; NumericalFailure
 */
export function replaceOneEpsilon(parts: readonly MechanismPart[], delta: number): number {
  assertParts(parts);
  assertDelta(delta);
  const steps = parts.reduce((sum, part) => sum + part.steps, 0);
  const sources = parts.map((part) => ({
    steps: part.steps,
    losses: replaceOneLosses(part, (delta * 1e-6) / steps),
  }));
  const logMoment = (theta: number) =>
    sources.reduce((sum, source) => sum + source.steps * logMomentOf(source.losses, theta), 0);
  const bound = renyiBound(logMoment, delta);
  if (bound.epsilon <= 0) return 0;
  return withTilts({ ...bound, parts, delta, logMoment }, ({ theta, window }) => {
    const allowed = (TOLERANCE * bound.epsilon * theta * theta) / bound.theta;
    return ALLOWANCE * epsilonAt(composed(sources, { theta, window, allowed }), delta).epsilon;
  });
}

function composed(
  sources: readonly { steps: number; losses: ReplaceOneLosses }[],
  { theta, window, allowed }: { theta: number; window: LossWindow; allowed: number },
): ComposedPld {
  for (let cells = 2 ** 12; cells <= FINEST_CELLS; cells *= 2) {
    const interval = (window.high - window.low) / cells;
    const plds = sources.map(({ steps, losses }) => ({ steps, pld: onGrid(losses, theta, interval) }));
    const error = plds.reduce((sum, { steps, pld }) => sum + steps * pld.momentError, 0);
    if (error <= allowed || cells === FINEST_CELLS) return compose(plds, { interval, theta, window });
  }
  throw numericalFailure('replace-one accountant: no grid is fine enough for these parameters.');
}

/** ln E[exp(theta * loss)]. */
function logMomentOf({ losses, logMasses }: ReplaceOneLosses, theta: number): number {
  let peak = 0;
  for (let k = 0; k < losses.length; k++) peak = Math.max(peak, logMasses[k] + theta * losses[k]);
  if (peak > 1) {
    let sum = 0;
    for (let k = 0; k < losses.length; k++) sum += Math.exp(logMasses[k] + theta * losses[k] - peak);
    return peak + Math.log(sum);
  }
  let excess = 0;
  for (let k = 0; k < losses.length; k++) excess += Math.exp(logMasses[k]) * Math.expm1(theta * losses[k]);
  return Math.log1p(excess);
}

/**
 * Splits each loss between the ends of its cell, such that its probability under both data sets is kept, as
 * in {@link discretise}.
 */
function onGrid(
  { losses, logMasses, infinityMass }: ReplaceOneLosses,
  theta: number,
  interval: number,
): TiltedPld {
  const scale = logMomentOf({ losses, logMasses, infinityMass }, theta);
  const offset = Math.floor(losses[0] / interval);
  const masses = new Float64Array(Math.floor(losses[losses.length - 1] / interval) - offset + 2);
  const cellMass = -Math.expm1(-interval);
  for (let k = 0; k < losses.length; k++) {
    const cell = Math.floor(losses[k] / interval) - offset;
    const above = Math.max(0, losses[k] - (cell + offset) * interval);
    const share = -Math.expm1(-above) / cellMass;
    const weight = Math.exp(logMasses[k] + theta * losses[k] - scale);
    masses[cell] += weight * (1 - share) * Math.exp(-theta * above);
    masses[cell + 1] += weight * share * Math.exp(theta * (interval - above));
  }
  let total = 0;
  for (const mass of masses) total += mass;
  if (!(Number.isFinite(total) && total > 0))
    throw numericalFailure('replace-one accountant: the privacy loss overflows. Use more noise.');
  for (let k = 0; k < masses.length; k++) masses[k] /= total;
  const momentError = Math.log(total);
  return { offset, masses, logMoment: scale + momentError, momentError, infinityMass };
}
