import { invalidConfig } from '../../schemas/errors.ts';
import { type Accountant, DEFAULT_ACCOUNTANT, type MechanismPart } from '../../schemas/privacy.ts';
import { ACCOUNTANTS } from './accountants.ts';
import { assertDelta, assertParts } from './parts.ts';
import { pldDelta } from './pld-accountant.ts';

/**
 * Returns the smallest epsilon for which running all parts over the same records is (epsilon, delta)-DP under
 * zero-out adjacency: one unit is replaced by one that contributes nothing, and n is fixed. With the default
 * `pld` it is tight to about 1e-4 (relative) and never below the truth.
 * @throws InvalidConfig for parts or a delta outside the supported range; NumericalFailure if rounding would
 * decide the result
 */
export function epsilonOf(params: {
  parts: readonly MechanismPart[];
  delta: number;
  /** @default DEFAULT_ACCOUNTANT */
  accountant?: Accountant;
  /** How much discretisation may add to epsilon, relative (PLD only). @default 1e-4 */
  tolerance?: number;
}): number {
  const { parts, delta, accountant = DEFAULT_ACCOUNTANT, tolerance } = params;
  assertParts(parts);
  assertDelta(delta);
  return ACCOUNTANTS[accountant].epsilon(parts, delta, tolerance);
}

/**
 * Returns the smallest delta for which the composition is (epsilon, delta)-DP, by PLD; never below the truth.
 * @throws InvalidConfig for parts outside the supported range or a negative epsilon; NumericalFailure
 */
export function deltaOf({ parts, epsilon }: { parts: readonly MechanismPart[]; epsilon: number }): number {
  assertParts(parts);
  if (!(epsilon >= 0 && Number.isFinite(epsilon)))
    throw invalidConfig(`epsilon ${epsilon} is negative or not finite.`);
  return pldDelta(parts, epsilon);
}
