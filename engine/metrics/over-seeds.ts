import type { Metrics } from '../../schemas/scores.ts';

export const METRIC_NAMES = ['accuracy', 'balancedAccuracy', 'macroF1'] as const;

/** Returns the mean of each metric over the seeds; `null` if any seed has `null`. */
export function meanOverSeeds(seeds: Metrics[]): Metrics {
  return eachMetric(seeds, (values) => mean(values));
}

/** Returns the sample standard deviation (n - 1) of each metric over the seeds; `null` for one seed. */
export function deviationOverSeeds(seeds: Metrics[]): Metrics {
  return eachMetric(seeds, (values) => {
    if (values.length < 2) return null;
    const centre = mean(values);
    return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
  });
}

function eachMetric(seeds: Metrics[], of: (values: number[]) => number | null): Metrics {
  const entries = METRIC_NAMES.map((name) => {
    const values = seeds.map((metrics) => metrics[name]).filter((value) => value !== null);
    return [name, values.length < seeds.length || values.length === 0 ? null : of(values)];
  });
  return Object.fromEntries(entries);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
