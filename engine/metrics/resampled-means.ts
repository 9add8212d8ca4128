import type { Metrics } from '../../schemas/scores.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { meanMetrics } from './mean-metrics.ts';

/**
 * Returns bootstrap draws of the metrics' means over seeds. Test records are drawn with replacement, the same
 * ones for every seed of every row. `rows` is [rows][seeds][records], the result [draws][rows]. The same seed
 * gives the same draws.
 */
export function resampledMeans(params: {
  truth: ArrayLike<number>;
  rows: ArrayLike<number>[][];
  classes: number;
  resamples: number;
  seed: number;
}): Metrics[][] {
  const { truth, classes, resamples, seed } = params;
  const { groupOf, first } = groupAlike([truth, ...params.rows.flat()], truth.length);
  const pick = (column: ArrayLike<number>) => first.map((record) => column[record]);
  const grouped = { truth: pick(truth), rows: params.rows.map((runs) => runs.map(pick)) };
  const random = seededRandom(seed);
  const counts = new Int32Array(first.length);
  return Array.from({ length: resamples }, () => {
    counts.fill(0);
    for (let i = 0; i < groupOf.length; i++) counts[groupOf[Math.floor(random() * groupOf.length)]]++;
    return grouped.rows.map((predictions) =>
      meanMetrics({ truth: grouped.truth, predictions, classes, counts }),
    );
  });
}

/**
 * Groups records with equal values in every column: the sums stay the same, with far fewer groups than
 * records.
 */
function groupAlike(columns: ArrayLike<number>[], records: number): { groupOf: Int32Array; first: number[] } {
  const groups = new Map<string, number>();
  const first: number[] = [];
  const groupOf = Int32Array.from({ length: records }, (_, record) => {
    const key = columns.map((column) => column[record]).join();
    const known = groups.get(key);
    if (known !== undefined) return known;
    groups.set(key, first.length);
    return first.push(record) - 1;
  });
  return { groupOf, first };
}
