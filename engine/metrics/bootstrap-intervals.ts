import type { MetricIntervals } from '../../schemas/scores.ts';
import { percentileIntervals } from './percentile-intervals.ts';
import { resampledMeans } from './resampled-means.ts';

/**
 * Returns percentile bootstrap intervals (Efron and Tibshirani 1993, chapter 13) of the metrics' means over
 * seeds. Test records are drawn with replacement, the same ones for every seed, and each draw averages the
 * metrics over the seeds. `predictions` is [seeds][records]. The same seed gives the same intervals. `null`
 * if a metric is not defined.
 */
export function bootstrapIntervals(params: {
  truth: ArrayLike<number>;
  predictions: ArrayLike<number>[];
  classes: number;
  resamples: number;
  confidence: number;
  seed: number;
}): MetricIntervals {
  const { predictions, confidence, ...rest } = params;
  const draws = resampledMeans({ ...rest, rows: [predictions] });
  return percentileIntervals(
    draws.map(([metrics]) => metrics),
    confidence,
  );
}
