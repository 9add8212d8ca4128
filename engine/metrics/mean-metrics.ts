import type { Metrics } from '../../schemas/scores.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import { meanOverSeeds } from './over-seeds.ts';

/**
 * Returns the metrics averaged over the seeds. `predictions` is [seeds][records]; `counts` is as in
 * `confusionMatrix`.
 */
export function meanMetrics(params: {
  truth: ArrayLike<number>;
  predictions: ArrayLike<number>[];
  classes: number;
  counts?: ArrayLike<number>;
}): Metrics {
  const { predictions, ...rest } = params;
  return meanOverSeeds(
    predictions.map((predicted) => classificationMetrics(confusionMatrix({ ...rest, predicted }))),
  );
}
