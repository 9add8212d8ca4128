import type { MetricIntervals, Metrics } from '../../schemas/scores.ts';
import { METRIC_NAMES } from './over-seeds.ts';

/**
 * Returns the interval of each metric that contains the middle `confidence` share of its draws. `null` if any
 * draw is not defined.
 */
export function percentileIntervals(draws: Metrics[], confidence: number): MetricIntervals {
  const entries = METRIC_NAMES.map((name) => {
    const values = draws.map((metrics) => metrics[name]).filter((value) => value !== null);
    if (values.length < draws.length) return [name, null];
    const sorted = Float64Array.from(values).sort();
    const tail = (1 - confidence) / 2;
    return [name, { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }];
  });
  return Object.fromEntries(entries);
}

/** Interpolates linearly between the order statistics (Hyndman and Fan 1996, type 7). */
function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
