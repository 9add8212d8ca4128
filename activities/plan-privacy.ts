import { planTrainingAndSelection } from '../engine/privacy/composed-plan.ts';
import { type MechanismPlan, planMechanism, planWithoutPrivacy } from '../engine/privacy/mechanism-plan.ts';
import { planSelectionWithoutPrivacy, type SelectionPlan } from '../engine/privacy/selection-plan.ts';
import { selectionStatistics } from '../engine/selection/selection-statistics.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import type { SelectionConfig } from '../schemas/settings/selection.ts';

/** Mechanisms that were calibrated together. Each states the epsilon of both. */
export type PrivacyPlan = {
  mechanism: MechanismPlan;
  selection?: SelectionPlan;
};

/**
 * Returns the mechanisms of a run over `records` training records: one for fine-tuning, and one for the
 * selection if there is one. If nothing is fine-tuned, the selection gets the whole budget, and `mechanism`
 * states the same Gaussian mechanism.
 * @throws InvalidConfig (a batch above n, delta of 1/n or more); NumericalFailure
 */
export function planPrivacy(config: ExperimentConfig, records: number): PrivacyPlan {
  const { privacy, training, selection } = config;
  const { expectedBatchSize, steps } = training;
  const { clippingNorm, delta, accountant, epsilon } = privacy;
  const shape = steps === 0 ? { expectedBatchSize: records, steps: 1 } : { expectedBatchSize, steps };
  const statistics = selection === undefined ? [] : statisticsOf(selection);
  if (epsilon === 'none') {
    const mechanism = planWithoutPrivacy({ records, ...shape });
    if (selection === undefined) return { mechanism };
    return { mechanism, selection: planSelectionWithoutPrivacy({ records, statistics }) };
  }
  const trained = {
    ...shape,
    clippingNorm,
    clipping: privacy.clipping.kind,
    adaptiveClipping: privacy.clipping.adaptive,
  };
  if (selection === undefined) {
    const mechanism = planMechanism({ records, ...trained, delta, target: { epsilon }, accountant });
    return { mechanism };
  }
  const composed = planTrainingAndSelection({
    records,
    epsilon,
    delta,
    accountant,
    statistics,
    training: steps === 0 ? null : trained,
    division: { trainingNoiseFactor: selection.trainingNoise },
  });
  return {
    mechanism: composed.training ?? asMechanism(composed.selection, clippingNorm),
    selection: composed.selection,
  };
}

/**
 * The statistics of a selection form one Gaussian mechanism over all records, stated as a plan of one step.
 */
function asMechanism(
  { records, noiseMultiplier, delta, accountant }: Extract<SelectionPlan, { private: true }>,
  clippingNorm: number,
): MechanismPlan {
  const target = { noiseMultiplier };
  return planMechanism({
    records,
    expectedBatchSize: records,
    steps: 1,
    clippingNorm,
    delta,
    accountant,
    target,
  });
}

function statisticsOf({ teacher, votes }: SelectionConfig) {
  const steps = teacher.kind === 'head' ? teacher.steps : undefined;
  return selectionStatistics({ teacher: teacher.kind, steps, votes });
}
