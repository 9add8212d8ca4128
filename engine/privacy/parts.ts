import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';

/** Outside this range float64 arithmetic on the loss is no longer trusted: refused instead of answered wrongly. */
export const NOISE_MULTIPLIER_RANGE = { min: 0.01, max: 1e7 } as const;
/** Twenty times more steps than any plan here; the rounding of phases grows with the number of steps. */
export const MAX_STEPS = 10_000_000;

/**
 * Refuses parts that no accountant here can answer for. A part is `steps` runs of the Gaussian mechanism of sensitivity 1 and standard
 * deviation `noiseMultiplier` on a Poisson sample at `samplingRate` (1: the plain Gaussian mechanism).
 * @throws InvalidConfig
 */
export function assertParts(parts: readonly MechanismPart[]): void {
  if (parts.length === 0)
    throw invalidConfig('accountant: no mechanism to account for; give at least one part.');
  for (const part of parts) assertPart(part);
}

function assertPart({ samplingRate, noiseMultiplier, steps }: MechanismPart): void {
  if (!(samplingRate > 0 && samplingRate <= 1))
    throw invalidConfig(
      `sampling rate ${samplingRate} is not in (0, 1]; it is the expected batch size over the number of records.`,
    );
  if (samplingRate < 1e-12)
    throw invalidConfig(
      `sampling rate ${samplingRate} is below 1e-12, where rounding decides; use a larger batch.`,
    );
  if (!Number.isSafeInteger(steps) || steps < 1 || steps > MAX_STEPS)
    throw invalidConfig(`steps ${steps} is not a whole number from 1 to ${MAX_STEPS}.`);
  const { min, max } = NOISE_MULTIPLIER_RANGE;
  if (!(noiseMultiplier >= min && noiseMultiplier <= max))
    throw invalidConfig(
      `noise multiplier ${noiseMultiplier} is not from ${min} to ${max}; below it there is no privacy worth stating, above it no signal.`,
    );
}

/** @throws InvalidConfig unless delta is in [1e-200, 1). Whether it is small enough for n records is {@link assertDeltaForRecords}'s matter. */
export function assertDelta(delta: number): void {
  if (!(delta > 0 && delta < 1))
    throw invalidConfig(`delta ${delta} is not between 0 and 1 (both excluded).`);
  if (delta < 1e-200)
    throw invalidConfig(`delta ${delta} is below 1e-200, too small to account for in float64.`);
}

/** @throws InvalidConfig unless epsilon is positive and finite. */
export function assertEpsilon(epsilon: number): void {
  if (!(epsilon > 0 && Number.isFinite(epsilon)))
    throw invalidConfig(
      `epsilon ${epsilon} is not a positive number; for training without privacy choose it explicitly (no epsilon at all).`,
    );
}

/** Epsilon below this is held to be never below the truth, but not to be tight: it is beyond any use. */
export const SMALL_EPSILON = 0.01;

export function isNumericalFailure(error: unknown): boolean {
  return error instanceof DpsynthError && error.type === ErrorType.NumericalFailure;
}

export function numericalFailure(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.NumericalFailure, message });
}
