import { invalidConfig } from '../../schemas/errors.ts';
import type { Accountant, MechanismPart } from '../../schemas/privacy.ts';
import {
  type DpSelectionPlanData,
  type NonPrivateSelectionPlanData,
  type PlannedStatistic,
  type SelectionPlanData,
  type SelectionStatistic,
  selectionPlanSchema,
} from '../../schemas/selection-plan.ts';
import { epsilonOf } from './accountant.ts';
import { calibrateNoise } from './calibration.ts';
import { assertDeltaForRecords, assertRecords, defaultDelta } from './delta.ts';
import { agree, assertChecked } from './mechanism-plan.ts';
import { assertParts } from './parts.ts';

const dpBrand: unique symbol = Symbol('DP selection plan');
const plainBrand: unique symbol = Symbol('selection plan without privacy');

/**
 * The noisy sums of one selection with their noise and epsilon, bound together as those of a training are. It is plain JSON; what comes back
 * from JSON goes through {@link reopenSelectionPlan}, which proves epsilon again.
 */
export type DpSelectionPlan = Readonly<DpSelectionPlanData> & { readonly [dpBrand]: true };
/** The same sums without noise. */
export type NonPrivateSelectionPlan = Readonly<NonPrivateSelectionPlanData> & { readonly [plainBrand]: true };
export type SelectionPlan = DpSelectionPlan | NonPrivateSelectionPlan;

/** A statistic that a selection is to release: `weight` is its part of the budget, relative to those of the others. */
export interface StatisticRequest {
  readonly name: SelectionStatistic;
  readonly weight: number;
  readonly releases: number;
}

/** Plans that this process planned or verified; a look-alike object is not one. */
const verified = new WeakSet<object>();

export interface SelectionPlanParams {
  /** n, the number of private records; public. */
  readonly records: number;
  readonly statistics: readonly StatisticRequest[];
  /** An epsilon to calibrate the noise for, or the noise itself. */
  readonly target: { readonly epsilon: number } | { readonly noiseMultiplier: number };
  /** @default the smaller of n^-1.1 and 1e-5 */
  readonly delta?: number;
  /** `rdp` takes its place in the plan where PLD cannot answer for a calibrated noise. @default 'pld' */
  readonly accountant?: Accountant;
  /** What else is charged to the same budget: the fine-tuning. @default none */
  readonly otherParts?: readonly MechanismPart[];
}

/**
 * Plans the statistics of a selection as one Gaussian mechanism without sampling.
 *
 * Statistic i is released r_i times with noise sigma sqrt(r_i / share_i) on sums of sensitivity 1. Gaussian mechanisms compose, adaptively as
 * well, by adding up 1 / sigma^2: r_i share_i / (sigma^2 r_i) over all i is 1 / sigma^2, since the shares add up to 1. So all of them together
 * cost exactly what one release with noise `noiseMultiplier` costs (Dong, Roth, Su 2022, arXiv 1905.02383, corollary 3.3).
 * @throws InvalidConfig for impossible numbers; NumericalFailure
 */
export function planSelection(params: SelectionPlanParams): DpSelectionPlan {
  const { records, target, otherParts = [] } = params;
  const delta = params.delta ?? defaultDelta(records);
  assertDeltaForRecords(delta, records);
  const { noiseMultiplier, accountant } =
    'epsilon' in target
      ? calibrateNoise({
          samplingRate: 1,
          steps: 1,
          epsilon: target.epsilon,
          delta,
          otherParts,
          accountant: params.accountant,
        })
      : { noiseMultiplier: target.noiseMultiplier, accountant: params.accountant ?? 'pld' };
  // In the order of the training's own plan, so that both state the same epsilon to the last digit.
  const parts = [...otherParts, selectionPart(noiseMultiplier)];
  assertParts(parts);
  const epsilon = epsilonOf({ parts, delta, accountant });
  const epsilonRdp = accountant === 'rdp' ? epsilon : epsilonOf({ parts, delta, accountant: 'rdp' });
  assertChecked({ accountant, epsilon, epsilonRdp });
  return seal<DpSelectionPlan>({
    private: true,
    records,
    statistics: plannedStatistics(params.statistics, noiseMultiplier),
    noiseMultiplier,
    delta,
    epsilon,
    epsilonRdp,
    accountant,
    otherParts: otherParts.map((part) => ({ ...part })),
  });
}

/** Plans the same statistics without noise. @throws InvalidConfig */
export function planSelectionWithoutPrivacy(params: {
  records: number;
  statistics: readonly StatisticRequest[];
}): NonPrivateSelectionPlan {
  const { records, statistics } = params;
  assertRecords(records);
  return seal<NonPrivateSelectionPlan>({
    private: false,
    records,
    statistics: plannedStatistics(statistics, 0),
    noiseMultiplier: 0,
    delta: null,
    epsilon: null,
  });
}

/**
 * A plan from its JSON. Everything is derived again and must agree: a plan whose epsilon, noise or delta was edited is refused.
 * @throws InvalidConfig
 */
export function reopenSelectionPlan(json: unknown): SelectionPlan {
  if (typeof json === 'object' && json !== null && isVerifiedSelection(json)) return json;
  const parsed = selectionPlanSchema.safeParse(json);
  if (!parsed.success) {
    throw invalidConfig(
      `selection plan: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}.`,
    );
  }
  const data = parsed.data;
  const statistics = data.statistics.map(({ name, share, releases }) => ({ name, weight: share, releases }));
  const again = data.private
    ? planSelection({ ...data, statistics, target: { noiseMultiplier: data.noiseMultiplier } })
    : planSelectionWithoutPrivacy({ ...data, statistics });
  const [ofData, ofMechanism] = [derivedNumbers(data), derivedNumbers(again)];
  for (const [key, derived] of Object.entries(ofMechanism)) {
    if (!agree(ofData[key], derived)) {
      throw invalidConfig(
        `selection plan: it states ${key} ${ofData[key]} but its mechanism has ${derived}; plan it again.`,
      );
    }
  }
  return again;
}

/** True only for plans made by this process: by planning, or by proving a stored one. */
export function isVerifiedSelection(plan: object): plan is SelectionPlan {
  return verified.has(plan);
}

/** What a selection costs, to be charged and to be planned beside a training (`otherParts`). */
export function selectionPart(noiseMultiplier: number): MechanismPart {
  return { samplingRate: 1, noiseMultiplier, steps: 1 };
}

function plannedStatistics(
  requests: readonly StatisticRequest[],
  noiseMultiplier: number,
): readonly PlannedStatistic[] & PlannedStatistic[] {
  if (requests.length === 0) throw invalidConfig('selection plan: no statistic to release.');
  if (new Set(requests.map(({ name }) => name)).size !== requests.length)
    throw invalidConfig('selection plan: a statistic is planned twice.');
  for (const { name, weight, releases } of requests) {
    if (!(weight > 0 && Number.isFinite(weight)))
      throw invalidConfig(`selection plan: the weight ${weight} of ${name} is not a positive number.`);
    if (!Number.isSafeInteger(releases) || releases < 1)
      throw invalidConfig(`selection plan: ${releases} releases of ${name} are not a positive whole number.`);
  }
  const total = requests.reduce((sum, { weight }) => sum + weight, 0);
  const planned = requests.map(({ name, weight, releases }) => {
    const share = weight / total;
    const ofRelease = noiseMultiplier * Math.sqrt(releases / share);
    return Object.freeze({ name, share, releases, noiseMultiplier: ofRelease });
  });
  return Object.freeze(planned) as readonly PlannedStatistic[] & PlannedStatistic[];
}

function derivedNumbers(plan: SelectionPlanData): Record<string, number | null> {
  const { epsilon, statistics } = plan;
  const numbers: Record<string, number | null> = { epsilon };
  if (plan.private) numbers.epsilonRdp = plan.epsilonRdp;
  for (const { name, share, noiseMultiplier } of statistics) {
    numbers[`share of ${name}`] = share;
    numbers[`noise of ${name}`] = noiseMultiplier;
  }
  return numbers;
}

function seal<Plan extends SelectionPlan>(data: DpSelectionPlanData | NonPrivateSelectionPlanData): Plan {
  const plan = Object.freeze(data) as Plan;
  verified.add(plan);
  return plan;
}
