import { invalidConfig } from '../../schemas/errors.ts';
import {
  type Accountant,
  DEFAULT_ACCOUNTANT,
  type DpPlanData,
  type MechanismPart,
  type MechanismPlanData,
  mechanismPlanSchema,
  type NonPrivatePlanData,
} from '../../schemas/privacy.ts';
import { epsilonOf } from './accountant.ts';
import { ACCOUNTANTS, CHECKING_ACCOUNTANT } from './accountants.ts';
import { type AdaptiveClippingParams, planAdaptiveClipping } from './adaptive-clipping.ts';
import { calibrateNoise } from './calibration.ts';
import { assertDeltaForRecords, assertRecords, defaultDelta } from './delta.ts';
import { numericalFailure } from './parts.ts';

const dpBrand: unique symbol = Symbol('DP mechanism plan');
const plainBrand: unique symbol = Symbol('plan without privacy');

/**
 * Sampler, noise and accountant of one training run, bound together: sampling rate, noise and epsilon cannot
 * be set separately, only planned. It is plain JSON; a plan read from JSON goes through {@link reopenPlan},
 * which proves epsilon again.
 */
export type DpPlan = Readonly<DpPlanData> & { readonly [dpBrand]: true };
/** The same run without noise. Its privacy statement says NOT PRIVATE. */
export type NonPrivatePlan = Readonly<NonPrivatePlanData> & { readonly [plainBrand]: true };
export type MechanismPlan = DpPlan | NonPrivatePlan;

/** Plans that this process planned or verified; an object that merely looks like one is not among them. */
const verified = new WeakSet<object>();

export type PlanParams = {
  /** n, the number of private records; public. */
  records: number;
  /** q * n, at most n. */
  expectedBatchSize: number;
  /** Number of updates. Each draws once, adds noise once and is charged once. */
  steps: number;
  /** C; the first norm, if clipping is adaptive. */
  clippingNorm: number;
  /** @default 'flat' */
  clipping?: DpPlanData['clipping'];
  /** @default null: the norm is fixed */
  adaptiveClipping?: AdaptiveClippingParams | null;
  /** @default the smaller of n^-1.1 and 1e-5 */
  delta?: number;
  /** An epsilon to calibrate the noise for, or the noise itself. */
  target: { readonly epsilon: number } | { readonly noiseMultiplier: number };
  /**
   * The checking accountant takes its place in the plan if it cannot answer for a calibrated noise.
   * @default DEFAULT_ACCOUNTANT
   */
  accountant?: Accountant;
  /** Other mechanisms that are charged to the same budget, such as a label histogram. @default none */
  otherParts?: readonly MechanismPart[];
};

/**
 * Plans DP training: n and the batch give the sampling rate, the target gives the noise, and the
 * accountant gives epsilon.
 * @throws InvalidConfig for impossible numbers (a delta of 1/n or more, an epsilon of 0, a batch
 * above n); NumericalFailure
 */
export function planMechanism(params: PlanParams): DpPlan {
  const {
    records,
    expectedBatchSize,
    steps,
    clippingNorm,
    clipping = 'flat',
    adaptiveClipping = null,
    target,
    otherParts = [],
  } = params;
  const samplingRate = samplingRateOf(records, expectedBatchSize);
  const delta = params.delta ?? defaultDelta(records);
  assertDeltaForRecords(delta, records);
  assertNorm(clippingNorm);
  const calibrated =
    'epsilon' in target
      ? calibrateNoise({
          samplingRate,
          steps,
          epsilon: target.epsilon,
          delta,
          otherParts,
          accountant: params.accountant,
        })
      : { noiseMultiplier: target.noiseMultiplier, accountant: params.accountant ?? DEFAULT_ACCOUNTANT };
  const { noiseMultiplier, accountant } = calibrated;
  const parts = [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
  const epsilon = epsilonOf({ parts, delta, accountant });
  const epsilonRdp =
    accountant === CHECKING_ACCOUNTANT
      ? epsilon
      : epsilonOf({ parts, delta, accountant: CHECKING_ACCOUNTANT });
  assertChecked({ accountant, epsilon, epsilonRdp });
  const data: DpPlanData = {
    private: true,
    records,
    expectedBatchSize,
    samplingRate,
    steps,
    clippingNorm,
    clipping,
    adaptiveClipping:
      adaptiveClipping &&
      Object.freeze(planAdaptiveClipping(adaptiveClipping, { noiseMultiplier, expectedBatchSize })),
    noiseMultiplier,
    delta,
    epsilon,
    epsilonRdp,
    accountant,
    otherParts: otherParts.map((part) => ({ ...part })),
  };
  return seal<DpPlan>(data);
}

/**
 * Plans the same training without noise. Gradients are clipped only if a norm is given. @throws InvalidConfig
 */
export function planWithoutPrivacy(params: {
  records: number;
  expectedBatchSize: number;
  steps: number;
  clippingNorm?: number;
}): NonPrivatePlan {
  const { records, expectedBatchSize, steps, clippingNorm = null } = params;
  const samplingRate = samplingRateOf(records, expectedBatchSize);
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw invalidConfig(`steps ${steps} is not a positive whole number.`);
  if (clippingNorm !== null) assertNorm(clippingNorm);
  return seal<NonPrivatePlan>({
    private: false,
    records,
    expectedBatchSize,
    samplingRate,
    steps,
    clippingNorm,
    noiseMultiplier: 0,
    delta: null,
    epsilon: null,
  });
}

/**
 * Returns the plan that JSON holds. Every number is derived again and must agree: a plan whose epsilon,
 * sampling rate or delta was edited is refused.
 * @throws InvalidConfig
 */
export function reopenPlan(json: unknown): MechanismPlan {
  if (typeof json === 'object' && json !== null && isVerified(json)) return json;
  const parsed = mechanismPlanSchema.safeParse(json);
  if (!parsed.success)
    throw invalidConfig(
      `mechanism plan: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}.`,
    );
  const data = parsed.data;
  const again = data.private
    ? planMechanism({ ...data, target: { noiseMultiplier: data.noiseMultiplier } })
    : planWithoutPrivacy({ ...data, clippingNorm: data.clippingNorm ?? undefined });
  const [ofData, ofMechanism] = [derivedNumbers(data), derivedNumbers(again)];
  for (const [key, derived] of Object.entries(ofMechanism)) {
    const stated = ofData[key];
    if (!agree(stated, derived))
      throw invalidConfig(
        `mechanism plan: it states ${key} ${stated}, but its mechanism has ${derived}. Plan it again.`,
      );
  }
  return again;
}

function derivedNumbers(plan: MechanismPlanData): Record<string, number | null> {
  const { samplingRate, epsilon } = plan;
  if (!plan.private) return { samplingRate, epsilon };
  const { epsilonRdp } = plan;
  return { samplingRate, epsilon, epsilonRdp, gradientNoiseMultiplier: gradientNoiseMultiplier(plan) };
}

/**
 * Returns the standard deviation of the noise on a step's gradient sum, in clipping norms; 0 without privacy.
 */
export function gradientNoiseMultiplier(plan: MechanismPlanData): number {
  return (plan.private && plan.adaptiveClipping?.gradientNoiseMultiplier) || plan.noiseMultiplier;
}

/** True only for plans that this process made: by planning, or by verifying a stored one. */
export function isVerified(plan: object): plan is MechanismPlan {
  return verified.has(plan);
}

// A plan may be verified on another machine or Node version, where the last digits of Math.exp may differ.
export function agree(stated: number | null, derived: number | null): boolean {
  if (typeof stated !== 'number' || typeof derived !== 'number') return stated === derived;
  return Math.abs(stated - derived) <= 1e-6 * Math.abs(derived);
}

function seal<Plan extends MechanismPlan>(data: DpPlanData | NonPrivatePlanData): Plan {
  const plan = Object.freeze(data) as Plan;
  verified.add(plan);
  return plan;
}

function samplingRateOf(records: number, expectedBatchSize: number): number {
  assertRecords(records);
  if (!(expectedBatchSize > 0 && expectedBatchSize <= records))
    throw invalidConfig(
      `expected batch size ${expectedBatchSize} is not in (0, n] for n = ${records} records.`,
    );
  return expectedBatchSize / records;
}

/**
 * The accountants use different arithmetic: if the tight one is above the loose one, one of them is wrong.
 */
export function assertChecked(stated: { accountant: Accountant; epsilon: number; epsilonRdp: number }): void {
  const { accountant, epsilon, epsilonRdp } = stated;
  if (epsilon > epsilonRdp * 1.001 + 1e-3)
    throw numericalFailure(
      `accountant: ${ACCOUNTANTS[accountant].name} gives epsilon ${epsilon}, above the ` +
        `${ACCOUNTANTS[CHECKING_ACCOUNTANT].name} bound ${epsilonRdp}. Plan with the ` +
        `${CHECKING_ACCOUNTANT} accountant, and report this.`,
    );
}

function assertNorm(clippingNorm: number): void {
  if (!(clippingNorm > 0 && Number.isFinite(clippingNorm)))
    throw invalidConfig(`clipping norm ${clippingNorm} is not a positive number.`);
}
