import type { ClassifierConfig } from '../../schemas/settings/classifier.ts';
import type { PrivacyConfig } from '../../schemas/settings/privacy.ts';
import { epsilonOf } from '../privacy/accountant.ts';
import {
  type DpPlan,
  type NonPrivatePlan,
  planMechanism,
  planWithoutPrivacy,
} from '../privacy/mechanism-plan.ts';

/** The budget of a classifier trained directly on private records. */
export type ClassifierBudget = Pick<PrivacyConfig, 'delta' | 'accountant'> & { epsilon: number };

/**
 * Returns the plan of training one classifier on n private records. Epsilon and delta are those of the run;
 * sampling rate, updates and clipping norm are the classifier's own. The plan is outside the budget of the
 * run's release, which does not use this classifier.
 * @throws InvalidConfig, NumericalFailure
 */
export function planPrivateClassifier(params: {
  records: number;
  settings: ClassifierConfig['dp'];
  budget: ClassifierBudget;
}): DpPlan {
  const { records, settings, budget } = params;
  return planMechanism({
    records,
    expectedBatchSize: Math.min(settings.expectedBatchSize, records),
    steps: settings.updates,
    clippingNorm: settings.clippingNorm,
    delta: budget.delta,
    target: { epsilon: budget.epsilon },
    accountant: budget.accountant,
  });
}

/** Returns the plan of the same training without privacy. @throws InvalidConfig */
export function planClassifier(params: {
  records: number;
  settings: Pick<ClassifierConfig, 'batch' | 'updates'>;
}): NonPrivatePlan {
  const { records, settings } = params;
  return planWithoutPrivacy({
    records,
    expectedBatchSize: Math.min(settings.batch, records),
    steps: settings.updates,
  });
}

/**
 * Returns the total epsilon of several seeds at the plan's delta. Each seed is a separate training on the
 * same records.
 */
export function epsilonOfSeeds(plan: DpPlan, seeds: number): number {
  const { samplingRate, noiseMultiplier, steps, delta, accountant } = plan;
  return epsilonOf({ parts: [{ samplingRate, noiseMultiplier, steps: steps * seeds }], delta, accountant });
}
