import { selectionPart } from '../../engine/privacy/selection-plan.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
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
): Promise<{ parts: MechanismPart[]; plan: Pick<DpPlanData, 'epsilon' | 'delta'> }> {
  if (given.stage === 'finetune') {
    const { plan } = given.input;
    if (!plan.private) throw invalidConfig('A training without privacy has no loss that a ledger can hold.');
    // The other part of a plan with a selection is charged by the selection, which is a release of its own.
    const others = given.input.config.selection === undefined ? plan.otherParts : [];
    return { plan, parts: [partOf(plan, 1), ...others] };
  }
  if (given.stage === 'select') {
    const { plan } = given.input;
    if (!plan.private) throw invalidConfig('A selection without privacy has no loss that a ledger can hold.');
    return { plan, parts: [selectionPart(plan.noiseMultiplier)] };
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

/** The training records that a DP stage reads. */
export function trainOf(given: DpStageInput): ArtifactRef {
  return given.stage === 'classify-real-dp' ? given.input.train[0] : given.input.train;
}
