import { expect, test } from 'vitest';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import { classificationMetrics, perClassMetrics } from './classification-metrics.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import { mostCommon } from './most-common.ts';
import { deviationOverSeeds, meanOverSeeds } from './over-seeds.ts';
import { scoreRow } from './score-row.ts';

// By hand: class 0 has 3 of 4 found, class 1 has 1 of 2; class 2 is never true but predicted once.
const truth = [0, 0, 0, 0, 1, 1];
const predicted = [0, 0, 0, 1, 1, 2];
const confusion = [
  [3, 1, 0],
  [0, 1, 1],
  [0, 0, 0],
];

test('a confusion matrix is [true, predicted]; counts are the weights of records', () => {
  expect(confusionMatrix({ truth, predicted, classes: 3 })).toEqual(confusion);
  expect(confusionMatrix({ truth, predicted, classes: 3, counts: [1, 0, 0, 0, 0, 2] })).toEqual([
    [1, 0, 0],
    [0, 0, 2],
    [0, 0, 0],
  ]);
});

test('accuracy, balanced accuracy and macro-F1 equal hand-computed values', () => {
  const metrics = classificationMetrics(confusion);
  expect(metrics.accuracy).toBeCloseTo(4 / 6, 12);
  expect(metrics.balancedAccuracy).toBeCloseTo((3 / 4 + 1 / 2) / 2, 12);
  // F1 is 6/7 for class 0 and 2/4 for class 1; class 2 does not occur in the test set.
  expect(metrics.macroF1).toBeCloseTo((6 / 7 + 1 / 2) / 2, 12);
});

test('per-class metrics are null if undefined', () => {
  expect(perClassMetrics(confusion, ['a', 'b', 'c'])).toEqual([
    { label: 'a', support: 4, precision: 1, recall: 0.75 },
    { label: 'b', support: 2, precision: 0.5, recall: 0.5 },
    { label: 'c', support: 0, precision: 0, recall: null },
  ]);
  const never = perClassMetrics(
    [
      [2, 0],
      [1, 0],
    ],
    ['a', 'b'],
  );
  expect(never[1]).toEqual({ label: 'b', support: 1, precision: null, recall: 0 });
});

test('without records every metric is null, not NaN', () => {
  expect(
    classificationMetrics([
      [0, 0],
      [0, 0],
    ]),
  ).toEqual({ accuracy: null, balancedAccuracy: null, macroF1: null });
});

test('mean and sample deviation over seeds', () => {
  const seeds = [0.5, 0.7, 0.9].map((value) => ({ accuracy: value, balancedAccuracy: value, macroF1: null }));
  expect(meanOverSeeds(seeds).accuracy).toBeCloseTo(0.7, 12);
  expect(deviationOverSeeds(seeds).accuracy).toBeCloseTo(0.2, 12);
  expect(meanOverSeeds(seeds).macroF1).toBeNull();
  expect(deviationOverSeeds(seeds.slice(0, 1)).accuracy).toBeNull();
});

const simulated = (records: number) => {
  const labels = Array.from({ length: records }, (_, i) => i % 2);
  return { truth: labels, predictions: [labels.map((label, i) => (i % 10 < 8 ? label : 1 - label))] };
};

test('the interval of an accuracy of 0.8 equals that of a binomial proportion', () => {
  const base = { ...simulated(1000), classes: 2, resamples: 2000, confidence: 0.95 };
  const { accuracy } = bootstrapIntervals({ ...base, seed: 1 });
  const half = 1.96 * Math.sqrt((0.8 * 0.2) / 1000);
  expect(accuracy!.low).toBeCloseTo(0.8 - half, 2);
  expect(accuracy!.high).toBeCloseTo(0.8 + half, 2);
  expect(bootstrapIntervals({ ...base, seed: 1 }).accuracy).toEqual(accuracy);
  expect(bootstrapIntervals({ ...base, seed: 2 }).accuracy).not.toEqual(accuracy);
  const narrow = bootstrapIntervals({ ...base, confidence: 0.5, seed: 1 }).accuracy!;
  expect(narrow.high - narrow.low).toBeLessThan(accuracy!.high - accuracy!.low);
});

test('if seeds err on different records, averaging within a resample narrows the interval', () => {
  const { truth: labels, predictions } = simulated(1000);
  const other = labels.map((label, i) => (i % 10 >= 2 ? label : 1 - label));
  const width = (runs: number[][]) => {
    const { low, high } = bootstrapIntervals({
      truth: labels,
      predictions: runs,
      classes: 2,
      resamples: 500,
      confidence: 0.95,
      seed: 1,
    }).accuracy!;
    return high - low;
  };
  expect(width([predictions[0], other])).toBeLessThan(0.8 * width(predictions));
});

test('in a score row, supports count the test set once and the confusion matrix sums the seeds', () => {
  const row = scoreRow({
    source: 'synthetic',
    trainingRecords: 7,
    labels: ['a', 'b', 'c'],
    truth,
    runs: [
      { seed: 1, predicted },
      { seed: 2, predicted: truth },
    ],
    evaluation: { bootstrap: 100, confidence: 0.9 },
    seed: 1,
  });
  expect(row.perClass.map(({ support }) => support)).toEqual([4, 2, 0]);
  expect(row.confusion[0]).toEqual([7, 1, 0]);
  expect(row.mean.accuracy).toBeCloseTo((4 / 6 + 1) / 2, 12);
  expect(row.seeds.map(({ seed }) => seed)).toEqual([1, 2]);
  expect(row.intervals.accuracy!.low).toBeLessThan(row.intervals.accuracy!.high);
});

test('the most common class is the first one if several tie', () => {
  expect(mostCommon([2, 1, 2, 0], 3)).toBe(2);
  expect(mostCommon([2, 1], 3)).toBe(1);
});
