import type { ClassifierConfig } from '../../schemas/settings/classifier.ts';
import type { PrivacyConfig } from '../../schemas/settings/privacy.ts';
import { epsilonOf } from '../privacy/accountant.ts';
import {
  type DpPlan,
  type NonPrivatePlan,
  planMechanism,
  planWithoutPrivacy,
} from '../privacy/mechanism-plan.ts';

/** The budget of a classifier that is trained on private records directly. */
export type ClassifierBudget = Pick<PrivacyConfig, 'delta' | 'accountant'> & { epsilon: number };

/**
 * The plan of training one classifier on n private records: epsilon and delta of the run, sampling rate, updates and
 * clipping norm of its own. It does not belong to the budget of the run's release, which never sees this classifier.
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

/** The plan of the same training without privacy. @throws InvalidConfig */
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

/** What classifiers of several seeds cost together, at the plan's delta: each is a training of its own on the same records. */
export function epsilonOfSeeds(plan: DpPlan, seeds: number): number {
  const { samplingRate, noiseMultiplier, steps, delta, accountant } = plan;
  return epsilonOf({ parts: [{ samplingRate, noiseMultiplier, steps: steps * seeds }], delta, accountant });
}
