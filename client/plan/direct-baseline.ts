import { epsilonOfSeeds, planPrivateClassifier } from '../../engine/classifier/plan-classifier.ts';
import { formatNumber } from '../../engine/report/format.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';

/**
 * Returns a warning of what the row real-dp spends in addition on the records, or null if the experiment does
 * not train it. Throws InvalidConfig or NumericalFailure if its budget cannot be planned, as the run would.
 */
export function directBaselineWarning(params: { config: ExperimentConfig; records: number }): string | null {
  const { config, records } = params;
  const { epsilon, delta, accountant } = config.privacy;
  const { seeds, dp } = config.classifier;
  if (epsilon === 'none' || !config.evaluation.baselines.includes('real-dp')) return null;
  const plan = planPrivateClassifier({ records, settings: dp, budget: { epsilon, delta, accountant } });
  const together = epsilonOfSeeds(plan, seeds);
  return (
    `The baseline real-dp trains on the private records themselves and spends a separate budget: epsilon ${formatNumber(plan.epsilon)} ` +
    `for each of ${seeds} seeds, ${formatNumber(together)} in all, at delta ${formatNumber(plan.delta)}. The epsilon of the release does not include it, so its row stays private.`
  );
}
