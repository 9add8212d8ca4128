import { invalidConfig } from '../../schemas/errors.ts';
import { type Accountant, DEFAULT_ACCOUNTANT, type MechanismPart } from '../../schemas/privacy.ts';
import { epsilonOf } from './accountant.ts';
import { ACCOUNTANTS, CHECKING_ACCOUNTANT } from './accountants.ts';
import { type Bracket, inRange, narrow, refine } from './calibration-search.ts';
import {
  assertDelta,
  assertEpsilon,
  assertParts,
  isNumericalFailure,
  NOISE_MULTIPLIER_RANGE,
} from './parts.ts';
import { renyiEpsilon } from './rdp.ts';

export type CalibrationParams = {
  samplingRate: number;
  steps: number;
  epsilon: number;
  delta: number;
  /** What else spends the same budget on the same records, such as a label histogram. @default none */
  otherParts?: readonly MechanismPart[];
  /** @default 'pld' */
  accountant?: Accountant;
};

export type Calibration = {
  noiseMultiplier: number;
  /** Never above the target. */
  epsilon: number;
  /** Whose epsilon it is: `rdp` where PLD was asked for and cannot answer. */
  accountant: Accountant;
};

/** How much less than the target a calibrated epsilon may be, relative; a plan that misses by more says so. */
export const CALIBRATION_TOLERANCE = 1e-3;

/**
 * The smallest noise multiplier with which `steps` steps and `otherParts` together are (epsilon, delta)-DP, rounded up: its epsilon is never
 * above the target, and the noise is at most 1e-4 (relative) more than needed. Epsilon is within `CALIBRATION_TOLERANCE` of the target,
 * unless the least noise that is accounted for is already enough, or PLD cannot answer near the target (see {@link Calibration}).
 * @throws InvalidConfig when a parameter is out of range, no noise multiplier is large enough, or `otherParts` alone spend the budget
 */
export function calibrateNoise(params: CalibrationParams): Calibration {
  const { samplingRate, steps, epsilon, delta, otherParts = [], accountant = DEFAULT_ACCOUNTANT } = params;
  assertEpsilon(epsilon);
  assertDelta(delta);
  assertParts([{ samplingRate, noiseMultiplier: 1, steps }, ...otherParts]);
  if (otherParts.length > 0) refuseSpentBudget(params);
  const partsOf = (noiseMultiplier: number) => [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
  const loose = new Set<number>();
  const lossAt = (noiseMultiplier: number, tolerance?: number) => {
    const loss = lossOf({ parts: partsOf(noiseMultiplier), delta, accountant, tolerance });
    if (loss.accountant !== accountant) loose.add(noiseMultiplier);
    return loss.epsilon;
  };
  const start = renyiBracket({ partsOf, epsilon, delta });
  const noiseMultiplier = search(lossAt, { target: epsilon, start, isLoose: (sigma) => loose.has(sigma) });
  return { noiseMultiplier, ...lossOf({ parts: partsOf(noiseMultiplier), delta, accountant }) };
}

/** What to say of a calibration that is not what was asked for: another accountant, or an epsilon well below the target. */
export function calibrationWarnings(params: {
  target: number;
  asked: Accountant;
  calibration: Calibration;
}): string[] {
  const { target, asked, calibration } = params;
  const { epsilon, noiseMultiplier, accountant } = calibration;
  const warnings: string[] = [];
  if (accountant !== asked) {
    warnings.push(
      `The ${ACCOUNTANTS[asked].name} accountant cannot answer for a noise multiplier of ${noiseMultiplier.toPrecision(4)}: epsilon is ` +
        `the looser bound of the ${ACCOUNTANTS[accountant].name} accountant.`,
    );
  }
  if (epsilon < target * (1 - CALIBRATION_TOLERANCE)) {
    const why =
      noiseMultiplier <= NOISE_MULTIPLIER_RANGE.min
        ? 'that is the least noise that is accounted for'
        : 'with a little less noise the accountant can only show a bound above it';
    warnings.push(
      `Epsilon is ${epsilon.toPrecision(4)} and not ${target}, at a noise multiplier of ${noiseMultiplier.toPrecision(4)}: ${why}.`,
    );
  }
  return warnings;
}

/**
 * Epsilon by the accountant that was asked for. Where PLD cannot answer, the bound by RDP takes its place: it is above the truth at any
 * noise, so a search never mistakes too much noise for too little.
 */
function lossOf(params: {
  parts: readonly MechanismPart[];
  delta: number;
  accountant: Accountant;
  tolerance?: number;
}): { epsilon: number; accountant: Accountant } {
  try {
    return { epsilon: epsilonOf(params), accountant: params.accountant };
  } catch (error) {
    if (!isNumericalFailure(error)) throw error;
    const epsilon = epsilonOf({ ...params, accountant: CHECKING_ACCOUNTANT });
    const bound = Number.isNaN(epsilon) ? Number.POSITIVE_INFINITY : epsilon;
    return { epsilon: bound, accountant: CHECKING_ACCOUNTANT };
  }
}

function search(
  lossAt: (sigma: number, tolerance?: number) => number,
  { target, start, isLoose }: { target: number; start: Bracket; isLoose: (sigma: number) => boolean },
): number {
  const coarse = narrow((sigma) => lossAt(sigma, 1e-2), target, start, { ratio: 1.03 });
  if (coarse.high === NOISE_MULTIPLIER_RANGE.min) return coarse.high;
  const fine = (sigma: number) => lossAt(sigma, 1e-4);
  const guess = refine(fine, target, coarse.high);
  const near = { low: guess / 1.00004, high: guess * 1.00004, growth: 1.00004 };
  return narrow(fine, target, near, { ratio: 1.0001, slack: CALIBRATION_TOLERANCE / 2, isLoose }).high;
}

/** Where the cheap bound by Renyi divergences meets the target: the noise that is needed is below that, and mostly not far below. */
function renyiBracket(at: {
  partsOf: (sigma: number) => readonly MechanismPart[];
  epsilon: number;
  delta: number;
}): Bracket {
  const { min, max } = NOISE_MULTIPLIER_RANGE;
  let [low, high]: number[] = [min, max];
  while (high / low > 1.02) {
    const middle = Math.sqrt(low * high);
    if (renyiEpsilon(at.partsOf(middle), at.delta) <= at.epsilon) high = middle;
    else low = middle;
  }
  return { low: inRange(high / 1.15), high, growth: 1.15 };
}

function refuseSpentBudget(params: CalibrationParams): void {
  const { otherParts = [], delta, epsilon, accountant = DEFAULT_ACCOUNTANT } = params;
  const { epsilon: spent } = lossOf({ parts: otherParts, delta, accountant });
  if (spent >= epsilon)
    throw invalidConfig(
      `the other mechanisms alone spend epsilon ${spent.toPrecision(4)} of ${epsilon}; give them more noise or raise epsilon.`,
    );
}
