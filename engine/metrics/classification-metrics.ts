import type { Metrics, ScoreRow } from '../../schemas/scores.ts';

export type PerClass = ScoreRow['perClass'][number];

/**
 * Returns support, precision and recall of each class. `null` if the denominator is 0: never predicted or
 * never true.
 */
export function perClassMetrics(confusion: number[][], labels: string[]): PerClass[] {
  return labels.map((label, k) => {
    const support = sum(confusion[k]);
    const predicted = sum(confusion.map((row) => row[k]));
    return {
      label,
      support,
      precision: ratio(confusion[k][k], predicted),
      recall: ratio(confusion[k][k], support),
    };
  });
}

/**
 * Returns accuracy, balanced accuracy and macro-F1. Balanced accuracy is the mean recall of the classes that
 * occur among the true labels; macro-F1 is the mean over the same classes of 2 TP / (2 TP + FP + FN). `null`
 * without records.
 */
export function classificationMetrics(confusion: number[][]): Metrics {
  const support = confusion.map(sum);
  const predicted = confusion.map((_, k) => sum(confusion.map((row) => row[k])));
  const present = support.flatMap((count, k) => (count > 0 ? [k] : []));
  const correct = sum(confusion.map((row, k) => row[k]));
  return {
    accuracy: ratio(correct, sum(support)),
    balancedAccuracy: ratio(sum(present.map((k) => confusion[k][k] / support[k])), present.length),
    macroF1: ratio(
      sum(present.map((k) => (2 * confusion[k][k]) / (support[k] + predicted[k]))),
      present.length,
    ),
  };
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
