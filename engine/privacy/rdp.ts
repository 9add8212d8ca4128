import type { MechanismPart } from '../../schemas/privacy.ts';
import { logRatioMoment } from './loss-moment.ts';

/** Renyi orders that are tried, as in dp-accounting: 1.1 to 10.9 by tenths, 11 to 63, and four large ones. */
export const RDP_ORDERS: readonly number[] = [
  ...Array.from({ length: 99 }, (_, k) => 1 + (k + 1) / 10),
  ...Array.from({ length: 53 }, (_, k) => 11 + k),
  128,
  256,
  512,
  1024,
];

/**
 * Renyi divergence of order alpha > 1 of one step of the subsampled Gaussian, integer and fractional orders alike: the integral of Mironov,
 * Talwar, Zhang 2019 (arXiv 1908.10530, section 3.3) evaluated numerically. Removing a record is the worse direction there.
 */
export function renyiDivergence(
  mechanism: { samplingRate: number; noiseMultiplier: number },
  order: number,
): number {
  return Math.max(0, logRatioMoment(mechanism, order)) / (order - 1);
}

/**
 * Epsilon of a composition by Renyi accounting. Looser than the PLD: a check, and a second opinion from other arithmetic.
 * The conversion is Canonne, Kamath, Steinke 2020 (arXiv 2004.00010), proposition 12. Arguments must have been checked.
 */
export function rdpEpsilon(parts: readonly MechanismPart[], delta: number): number {
  return Math.min(...RDP_ORDERS.map((order) => convert(composedDivergence(parts, order), order, delta)));
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
