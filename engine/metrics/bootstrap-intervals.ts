import type { ScoreRow } from '../../schemas/scores.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import { METRIC_NAMES, meanOverSeeds } from './over-seeds.ts';

/**
 * Percentile bootstrap intervals (Efron and Tibshirani 1993, chapter 13) of the metrics' means over seeds. Test
 * records are drawn with replacement, the same ones for every seed, and the seeds' metrics averaged within each draw.
 * `predictions` is [seeds][records]. The same seed gives the same intervals. `null` where a metric is not defined.
 */
export function bootstrapIntervals(params: {
  truth: ArrayLike<number>;
  predictions: ArrayLike<number>[];
  classes: number;
  resamples: number;
  confidence: number;
  seed: number;
}): ScoreRow['intervals'] {
  const { truth, predictions, classes, resamples, confidence, seed } = params;
  const random = seededRandom(seed);
  const rows = new Int32Array(truth.length);
  const draws = Array.from({ length: resamples }, () => {
    for (let i = 0; i < rows.length; i++) rows[i] = Math.floor(random() * rows.length);
    return meanOverSeeds(
      predictions.map((predicted) =>
        classificationMetrics(confusionMatrix({ truth, predicted, classes, rows })),
      ),
    );
  });
  const entries = METRIC_NAMES.map((name) => {
    const values = draws.map((metrics) => metrics[name]).filter((value) => value !== null);
    if (values.length < draws.length) return [name, null];
    const sorted = Float64Array.from(values).sort();
    const tail = (1 - confidence) / 2;
    return [name, { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }];
  });
  return Object.fromEntries(entries);
}

/** Linear interpolation between the order statistics (Hyndman and Fan 1996, type 7). */
function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
