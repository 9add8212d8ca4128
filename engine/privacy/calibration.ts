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
  /**
   * Other mechanisms that spend the same budget on the same records, such as a label histogram. @default none
   */
  otherParts?: readonly MechanismPart[];
  /** @default DEFAULT_ACCOUNTANT */
  accountant?: Accountant;
};

export type Calibration = {
  noiseMultiplier: number;
  /** Never above the target. */
  epsilon: number;
  /** The accountant that gave epsilon: the checking one if the one asked for cannot answer. */
  accountant: Accountant;
};

/** How far a calibrated epsilon may be below its target, relative; a plan that misses by more says so. */
export const CALIBRATION_TOLERANCE = 1e-3;

/**
 * Returns the smallest noise multiplier, rounded up, for which `steps` steps and `otherParts` together are
 * (epsilon, delta)-DP. Its epsilon is never above the target, and the noise is at most 1e-4 (relative) more
 * than needed. Epsilon is within `CALIBRATION_TOLERANCE` of the target, unless the least supported noise is
 * already enough, or PLD cannot answer near the target (see {@link Calibration}).
 * @throws InvalidConfig if a parameter is out of range, no noise multiplier is large enough, or `otherParts`
 * alone spend the budget
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

/**
 * Warns of a calibration that differs from what was asked for: another accountant, or an epsilon well
 * below the target.
 */
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
      `The ${ACCOUNTANTS[asked].name} accountant cannot answer for a noise multiplier of ` +
        `${noiseMultiplier.toPrecision(4)}. Epsilon is the looser bound of the ` +
        `${ACCOUNTANTS[accountant].name} accountant.`,
    );
  }
  if (epsilon < target * (1 - CALIBRATION_TOLERANCE)) {
    const why =
      noiseMultiplier <= NOISE_MULTIPLIER_RANGE.min
        ? 'this is the least noise that the accountant supports'
        : 'with slightly less noise, the accountant can only prove a bound above the target';
    warnings.push(
      `Epsilon is ${epsilon.toPrecision(4)} and not ${target}, with a noise multiplier of ` +
        `${noiseMultiplier.toPrecision(4)}: ${why}.`,
    );
  }
  return warnings;
}

/**
 * Returns epsilon by the accountant that was asked for. If it cannot answer, the bound of the checking
 * accountant takes its place. That bound is above the truth for any noise, so a search never takes too little
 * noise for enough.
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

/**
 * Returns a bracket around the noise at which the cheap Renyi bound meets the target. The noise that is
 * needed is below that, and usually not far below.
 */
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
      `the other mechanisms alone spend epsilon ${spent.toPrecision(4)} of ${epsilon}. ` +
        'Give them more noise, or raise epsilon.',
    );
}
