import type { MechanismPart } from '../../schemas/privacy.ts';
import { minimiseLogScale } from './golden-section.ts';
import { logRatioMoment } from './loss-moment.ts';

/** The Renyi orders to try, as in dp-accounting: 1.1 to 10.9 by tenths, 11 to 63, and four large ones. */
export const RDP_ORDERS: readonly number[] = [
  ...Array.from({ length: 99 }, (_, k) => 1 + (k + 1) / 10),
  ...Array.from({ length: 53 }, (_, k) => 11 + k),
  128,
  256,
  512,
  1024,
];

/**
 * Returns the Renyi divergence of order alpha > 1 of one step of the subsampled Gaussian, for integer and
 * fractional orders alike. It evaluates the integral of Mironov, Talwar, Zhang 2019 (arXiv 1908.10530,
 * section 3.3) numerically. Removing a record is the worse direction there.
 */
export function renyiDivergence(
  mechanism: { samplingRate: number; noiseMultiplier: number },
  order: number,
): number {
  return Math.max(0, logRatioMoment(mechanism, order)) / (order - 1);
}

/**
 * Returns epsilon of a composition by Renyi accounting, at the best of {@link RDP_ORDERS} and of all other
 * orders. It is looser than PLD: a check, and a second opinion from other arithmetic. The conversion is that
 * of Canonne, Kamath, Steinke 2020 (arXiv 2004.00010), proposition 12. Arguments must have been checked.
 */
export function rdpEpsilon(parts: readonly MechanismPart[], delta: number): number {
  const listed = RDP_ORDERS.map((order) => convert(composedDivergence(parts, order), order, delta));
  return Math.min(...listed, renyiEpsilon(parts, delta));
}

/**
 * Returns epsilon at the best Renyi order, found by search: a tenth of the work of {@link rdpEpsilon}, and
 * just as sound.
 */
export function renyiEpsilon(parts: readonly MechanismPart[], delta: number): number {
  const logMoment = (theta: number) => composedDivergence(parts, theta + 1) * theta;
  return Math.max(0, renyiBound(logMoment, delta).epsilon);
}

const THETA_RANGE = { low: 1e-6, high: 1e15 } as const;

/**
 * Returns the best Renyi order minus one, `theta`, and its bound on epsilon. A negative bound means
 * that delta alone covers the loss. `logMoment(theta)` is ln E[exp(theta * loss)]. The conversion is
 * that of {@link rdpEpsilon}.
 */
export function renyiBound(
  logMoment: (theta: number) => number,
  delta: number,
): { theta: number; epsilon: number } {
  const bound = (theta: number) =>
    (logMoment(theta) - Math.log(delta) - Math.log1p(theta)) / theta - Math.log1p(1 / theta);
  const theta = minimiseLogScale(bound, THETA_RANGE);
  return { theta, epsilon: bound(theta) };
}

function composedDivergence(parts: readonly MechanismPart[], order: number): number {
  return parts.reduce((sum, part) => sum + part.steps * renyiDivergence(part, order), 0);
}

function convert(divergence: number, order: number, delta: number): number {
  // Bretagnolle-Huber: total variation is at most sqrt(1 - exp(-KL)), and KL is at most any Renyi divergence.
  if (delta * delta + Math.expm1(-divergence) > 0) return 0;
  const epsilon = divergence + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
  return Math.max(0, epsilon);
}
