import type { MetricIntervals, Metrics } from '../../schemas/scores.ts';
import { meanMetrics } from './mean-metrics.ts';
import { METRIC_NAMES } from './over-seeds.ts';
import { percentileIntervals } from './percentile-intervals.ts';
import { resampledMeans } from './resampled-means.ts';

export type PairedDifference = { mean: Metrics; intervals: MetricIntervals };

/**
 * Returns a paired bootstrap (Efron and Tibshirani 1993, chapter 16) of `of` minus each of `minus`, all
 * [seeds][records]. Each draw of test records scores all rows, so the difficulty of a record cancels. Each
 * draw averages the metrics over the seeds, so rows may have different numbers of seeds. The interval does
 * not cover the variation between seeds. `null` if a metric is not defined.
 */
export function pairedDifferences(params: {
  truth: ArrayLike<number>;
  of: ArrayLike<number>[];
  minus: ArrayLike<number>[][];
  classes: number;
  resamples: number;
  confidence: number;
  seed: number;
}): PairedDifference[] {
  const { truth, of, minus, classes, confidence } = params;
  const rows = [of, ...minus];
  const means = rows.map((predictions) => meanMetrics({ truth, predictions, classes }));
  const draws = resampledMeans({ truth, rows, classes, resamples: params.resamples, seed: params.seed });
  return minus.map((_, i) => ({
    mean: subtract(means[0], means[i + 1]),
    intervals: percentileIntervals(
      draws.map((draw) => subtract(draw[0], draw[i + 1])),
      confidence,
    ),
  }));
}

function subtract(a: Metrics, b: Metrics): Metrics {
  const entries = METRIC_NAMES.map((name) => {
    const [left, right] = [a[name], b[name]];
    return [name, left === null || right === null ? null : left - right];
  });
  return Object.fromEntries(entries);
}
