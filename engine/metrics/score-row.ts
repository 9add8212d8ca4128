import type { ScoreRow, ScoreSource } from '../../schemas/scores.ts';
import type { EvaluationConfig } from '../../schemas/settings/evaluation.ts';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import { classificationMetrics, perClassMetrics } from './classification-metrics.ts';
import { confusionMatrix, sumMatrices } from './confusion-matrix.ts';
import { deviationOverSeeds, meanOverSeeds } from './over-seeds.ts';

/**
 * Returns one row of the result table. `truth` [records] and each `predicted` [records] hold indices into
 * `labels`. Precision and recall of a class cover all seeds together; its support counts the test set once.
 */
export function scoreRow(params: {
  source: ScoreSource;
  trainingRecords: number;
  privacy?: ScoreRow['privacy'];
  labels: string[];
  truth: ArrayLike<number>;
  runs: { seed: number; predicted: ArrayLike<number> }[];
  evaluation: Pick<EvaluationConfig, 'bootstrap' | 'confidence'>;
  seed: number;
}): ScoreRow {
  const { source, trainingRecords, privacy, labels, truth, runs, evaluation, seed } = params;
  const classes = labels.length;
  const matrices = runs.map(({ predicted }) => confusionMatrix({ truth, predicted, classes }));
  const confusion = sumMatrices(matrices);
  const seeds = runs.map((run, i) => ({ seed: run.seed, metrics: classificationMetrics(matrices[i]) }));
  const metrics = seeds.map((one) => one.metrics);
  return {
    source,
    trainingRecords,
    ...(privacy && { privacy }),
    seeds,
    mean: meanOverSeeds(metrics),
    deviation: deviationOverSeeds(metrics),
    intervals: bootstrapIntervals({
      truth,
      predictions: runs.map(({ predicted }) => predicted),
      classes,
      resamples: evaluation.bootstrap,
      confidence: evaluation.confidence,
      seed,
    }),
    perClass: perClassMetrics(confusion, labels).map((one) => ({
      ...one,
      support: one.support / runs.length,
    })),
    confusion,
  };
}
