import type { DpStageInput } from '../../schemas/budget.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import type { DpPlanData, MechanismPart } from '../../schemas/privacy.ts';
import { calibrateOffThread } from '../calibration/off-thread.ts';

/**
 * What a DP stage over n training records spends: the mechanisms that it runs, and the epsilon and delta that its plan states.
 * Throws InvalidConfig for a stage without privacy, or a budget that cannot be planned; NumericalFailure.
 */
export async function spentBy(
  given: DpStageInput,
  records: number,
): Promise<{ parts: MechanismPart[]; plan: DpPlanData }> {
  if (given.stage === 'finetune') {
    const { plan } = given.input;
    if (!plan.private) throw invalidConfig('A training without privacy has no loss that a ledger can hold.');
    return { plan, parts: [partOf(plan, 1), ...plan.otherParts] };
  }
  const { privacy, classifier } = given.input.config;
  const { epsilon, delta, accountant } = privacy;
  if (epsilon === 'none')
    throw invalidConfig('A classifier without privacy has no loss that a ledger can hold.');
  const budget = { epsilon, delta, accountant };
  const plan = await calibrateOffThread('planPrivateClassifier', {
    records,
    settings: classifier.dp,
    budget,
  });
  return { plan, parts: [partOf(plan, classifier.seeds)] };
}

/** The steps of so many trainings under one plan. */
function partOf({ samplingRate, noiseMultiplier, steps }: DpPlanData, trainings: number): MechanismPart {
  return { samplingRate, noiseMultiplier, steps: steps * trainings };
}
