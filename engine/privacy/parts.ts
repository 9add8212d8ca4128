import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';

/**
 * Outside this range float64 arithmetic on the loss is not trusted: such noise is refused rather
 * than answered wrongly.
 */
export const NOISE_MULTIPLIER_RANGE = { min: 0.01, max: 1e7 } as const;
/** Twenty times as many steps as any plan here has; the rounding of phases grows with the number of steps. */
export const MAX_STEPS = 10_000_000;

/**
 * Refuses parts that no accountant here can answer for. A part is `steps` runs of the Gaussian mechanism of
 * sensitivity 1 and standard deviation `noiseMultiplier` on a Poisson sample at `samplingRate` (1: the
 * plain Gaussian mechanism).
 * @throws InvalidConfig
 */
export function assertParts(parts: readonly MechanismPart[]): void {
  if (parts.length === 0)
    throw invalidConfig('accountant: there is no mechanism to account for. Give at least one part.');
  for (const part of parts) assertPart(part);
}

function assertPart({ samplingRate, noiseMultiplier, steps }: MechanismPart): void {
  if (!(samplingRate > 0 && samplingRate <= 1))
    throw invalidConfig(
      `sampling rate ${samplingRate} is not in (0, 1]. It is the expected batch size over the number of ` +
        'records.',
    );
  if (samplingRate < 1e-12)
    throw invalidConfig(
      `sampling rate ${samplingRate} is below 1e-12, where rounding decides. Use a larger batch.`,
    );
  if (!Number.isSafeInteger(steps) || steps < 1 || steps > MAX_STEPS)
    throw invalidConfig(`steps ${steps} is not a whole number from 1 to ${MAX_STEPS}.`);
  const { min, max } = NOISE_MULTIPLIER_RANGE;
  if (!(noiseMultiplier >= min && noiseMultiplier <= max))
    throw invalidConfig(
      `noise multiplier ${noiseMultiplier} is not from ${min} to ${max}. ` +
        'Less noise leaves no privacy worth stating, more leaves no signal.',
    );
}

/**
 * Whether delta is small enough for n records is checked by {@link assertDeltaForRecords}.
 * @throws InvalidConfig unless delta is in [1e-200, 1)
 */
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
      `epsilon ${epsilon} is not a positive number. To train without privacy, say so: privacy.epsilon ` +
        '"none".',
    );
}

/** Below this, epsilon is never below the truth but need not be tight: such values have no use. */
export const SMALL_EPSILON = 0.01;

export function isNumericalFailure(error: unknown): boolean {
  return error instanceof DpsynthError && error.type === ErrorType.NumericalFailure;
}

export function numericalFailure(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.NumericalFailure, message });
}
