import { invalidConfig } from '../../schemas/errors.ts';
import type { Accountant } from '../../schemas/privacy.ts';
import { defaultDelta } from './delta.ts';
import { type DpPlan, type PlanParams, planMechanism } from './mechanism-plan.ts';
import {
  type DpSelectionPlan,
  planSelection,
  type StatisticRequest,
  selectionPart,
} from './selection-plan.ts';

/** By how much the noise of the training may grow to make room for a selection, if nothing else is asked for. */
export const TRAINING_NOISE_FACTOR = 1.1;

/**
 * How training and selection divide one budget.
 *
 * - `trainingNoiseFactor`: the training gets this many times the noise that it would need alone, and the selection what that leaves.
 * - `selectionShare`: the selection gets this part of the 1 / sigma^2 that it could have alone, and the training what that leaves.
 */
export type BudgetDivision = { readonly trainingNoiseFactor: number } | { readonly selectionShare: number };

export interface ComposedPlanParams {
  /** n, the number of private records; public. */
  readonly records: number;
  /** The loss of training and selection together. */
  readonly epsilon: number;
  /** @default the smaller of n^-1.1 and 1e-5 */
  readonly delta?: number;
  /** @default 'pld' */
  readonly accountant?: Accountant;
  /** null: nothing is fine-tuned, so the selection gets the whole budget. */
  readonly training: Omit<PlanParams, 'records' | 'delta' | 'accountant' | 'target' | 'otherParts'> | null;
  readonly statistics: readonly StatisticRequest[];
  /** @default { trainingNoiseFactor: TRAINING_NOISE_FACTOR } */
  readonly division?: BudgetDivision;
}

/** Two mechanisms over the same records that were planned as one: both state epsilon, delta and the parts of both. */
export interface ComposedPlan {
  readonly training: DpPlan | null;
  readonly selection: DpSelectionPlan;
  /** The noise multipliers that each would need if it had the whole budget; that of the training is null without one. */
  readonly alone: { readonly training: number | null; readonly selection: number };
}

/**
 * Plans training and selection in one calibration: the loss of both together is at most epsilon, and near it.
 * @throws InvalidConfig for impossible numbers, or a division that leaves one of them nothing; NumericalFailure
 */
export function planTrainingAndSelection(params: ComposedPlanParams): ComposedPlan {
  const { records, epsilon, training, statistics, division } = params;
  const { trainingNoiseFactor, selectionShare } = {
    trainingNoiseFactor: TRAINING_NOISE_FACTOR,
    selectionShare: null,
    ...division,
  };
  const common = { records, delta: params.delta ?? defaultDelta(records), accountant: params.accountant };
  const selectionAlone = planSelection({ ...common, statistics, target: { epsilon } });
  const alone = selectionAlone.noiseMultiplier;
  if (training === null)
    return { training: null, selection: selectionAlone, alone: { training: null, selection: alone } };
  const trainingAlone = planMechanism({ ...common, ...training, target: { epsilon } });
  const noise =
    selectionShare === null
      ? noiseBesideTraining({ trainingAlone, trainingNoiseFactor, epsilon, statistics })
      : noiseBesideSelection({ params, common, training, sigma: alone, selectionShare });
  return {
    training: planMechanism({
      ...common,
      ...training,
      accountant: noise.accountant,
      target: { noiseMultiplier: noise.training },
      otherParts: [selectionPart(noise.selection)],
    }),
    selection: planSelection({
      ...common,
      statistics,
      accountant: noise.accountant,
      target: { noiseMultiplier: noise.selection },
      otherParts: [trainingPart(trainingAlone, noise.training)],
    }),
    alone: { training: trainingAlone.noiseMultiplier, selection: alone },
  };
}

interface Noise {
  training: number;
  selection: number;
  accountant: Accountant;
}

function noiseBesideTraining(params: {
  trainingAlone: DpPlan;
  trainingNoiseFactor: number;
  epsilon: number;
  statistics: readonly StatisticRequest[];
}): Noise {
  const { trainingAlone, trainingNoiseFactor, epsilon, statistics } = params;
  if (!(trainingNoiseFactor > 1 && Number.isFinite(trainingNoiseFactor)))
    throw invalidConfig(
      `training's noise may grow by the factor ${trainingNoiseFactor}, which leaves nothing for the selection; give a number above 1.`,
    );
  const { records, delta, accountant } = trainingAlone;
  const training = trainingAlone.noiseMultiplier * trainingNoiseFactor;
  const selection = planSelection({
    ...{ records, delta, accountant, statistics },
    target: { epsilon },
    otherParts: [trainingPart(trainingAlone, training)],
  });
  return { training, selection: selection.noiseMultiplier, accountant: selection.accountant };
}

function noiseBesideSelection(params: {
  params: ComposedPlanParams;
  common: { records: number; delta: number; accountant?: Accountant };
  training: NonNullable<ComposedPlanParams['training']>;
  sigma: number;
  selectionShare: number;
}): Noise {
  const { common, training, sigma, selectionShare } = params;
  if (!(selectionShare > 0 && selectionShare < 1))
    throw invalidConfig(`the selection's share ${selectionShare} is not between 0 and 1 (both excluded).`);
  const selection = sigma / Math.sqrt(selectionShare);
  const plan = planMechanism({
    ...common,
    ...training,
    target: { epsilon: params.params.epsilon },
    otherParts: [selectionPart(selection)],
  });
  return { training: plan.noiseMultiplier, selection, accountant: plan.accountant };
}

function trainingPart({ samplingRate, steps }: DpPlan, noiseMultiplier: number) {
  return { samplingRate, noiseMultiplier, steps };
}
