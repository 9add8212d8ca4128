import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { AccountInput, AccountOutput } from '../../schemas/ledger.ts';
import { groupParts } from '../../schemas/ledger-state.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';
import { epsilonOf } from './accountant.ts';
import { calibrateNoise } from './calibration.ts';
import { assertDelta, assertEpsilon } from './parts.ts';

/**
 * Returns the epsilon of what a ledger has charged, of what a further stage adds, and of both together: the
 * PLDs of all mechanisms composed, at the delta of the ledger. If the total exceeds the limit, it also
 * returns the stage with the least noise that fits.
 * @throws InvalidConfig for parts out of range; NumericalFailure if rounding would decide the result
 */
export function accountLedger({ charged, added, limits }: AccountInput): AccountOutput {
  const { epsilon: limit, delta } = limits;
  assertEpsilon(limit);
  assertDelta(delta);
  const epsilon = (parts: readonly MechanismPart[]) => composed(groupParts(parts), delta);
  const total = epsilon([...charged, ...added]);
  return {
    charged: epsilon(charged),
    alone: epsilon(added),
    total,
    fits: total > limit ? whatFits({ charged, added, limits }) : null,
  };
}

/** The latest results: most changes of a ledger ask for what the one before has asked. */
const known = new Map<string, number>();
const MOST_KNOWN = 64;

function composed(parts: readonly MechanismPart[], delta: number): number {
  if (parts.length === 0) return 0;
  const key = JSON.stringify([delta, parts]);
  const epsilon = known.get(key) ?? epsilonOf({ parts, delta });
  known.delete(key);
  known.set(key, epsilon);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  return epsilon;
}

/** Changes only the noise of the first mechanism, which is the training. */
function whatFits({ charged, added, limits }: AccountInput): AccountOutput['fits'] {
  const [main, ...others] = groupParts(added);
  const { samplingRate, steps } = main;
  const { epsilon, delta } = limits;
  try {
    const { noiseMultiplier } = calibrateNoise({
      samplingRate,
      steps,
      epsilon,
      delta,
      otherParts: groupParts([...charged, ...others]),
    });
    const parts = groupParts([{ samplingRate, steps, noiseMultiplier }, ...others]);
    return { noiseMultiplier, epsilon: epsilonOf({ parts, delta }) };
  } catch (error) {
    // The budget is spent, or the noise that would fit is beyond any use.
    if (error instanceof DpsynthError && error.type === ErrorType.InvalidConfig) return null;
    throw error;
  }
}
