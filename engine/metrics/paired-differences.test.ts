import { expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import { pairedDifferences } from './paired-differences.ts';

const settings = { classes: 2, resamples: 1000, confidence: 0.95, seed: 1 };

/** Returns one prediction per record, right if `isRight` returns true. */
const predictions = (truth: number[], isRight: (i: number) => boolean) =>
  truth.map((label, i) => (isRight(i) ? label : 1 - label));

test('the difference of two means over seeds, and the quantiles of resampled differences, computed directly', () => {
  const truth = [0, 0, 0, 1, 1, 0, 1, 0];
  const a = [predictions(truth, (i) => i !== 0), predictions(truth, (i) => i > 1)];
  const b = [predictions(truth, (i) => i % 2 === 0)];
  const [{ mean, intervals }] = pairedDifferences({ ...settings, truth, of: a, minus: [b] });
  expect(mean.accuracy).toBeCloseTo((7 / 8 + 6 / 8) / 2 - 4 / 8, 12);
  // Recalls of class 0: 4/5 and 3/5 against 2/5; of class 1: 1 and 1 against 2/3.
  expect(mean.balancedAccuracy).toBeCloseTo(
    ((4 / 5 + 1) / 2 + (3 / 5 + 1) / 2) / 2 - (2 / 5 + 2 / 3) / 2,
    12,
  );

  // The same draws, record by record: the accuracy of a draw is the mean over its records and the seeds.
  const random = seededRandom(1);
  const right = (runs: number[][], record: number) =>
    runs.reduce((sum, run) => sum + (run[record] === truth[record] ? 1 : 0), 0) / runs.length;
  const drawn = Array.from({ length: 1000 }, () => {
    const rows = truth.map(() => Math.floor(random() * truth.length));
    return rows.reduce((sum, row) => sum + right(a, row) - right(b, row), 0) / truth.length;
  }).sort((x, y) => x - y);
  const at = (p: number) => {
    const [below, part] = [Math.floor(p * 999), (p * 999) % 1];
    return drawn[below] * (1 - part) + drawn[below + 1] * part;
  };
  expect(intervals.accuracy!.low).toBeCloseTo(at(0.025), 9);
  expect(intervals.accuracy!.high).toBeCloseTo(at(0.975), 9);
  // A draw without one class still has metrics of the other class, so none is undefined.
  expect(intervals.macroF1).not.toBeNull();
});

test('errors on the same records cancel: the interval is narrower than that of either row, and 0 for a row minus itself', () => {
  const truth = Array.from({ length: 1000 }, (_, i) => i % 2);
  const a = [predictions(truth, (i) => i % 10 < 7)];
  const b = [predictions(truth, (i) => i % 10 < 7 && i % 50 !== 0)];
  const [better, same] = pairedDifferences({ ...settings, truth, of: a, minus: [b, a] });
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  const alone = bootstrapIntervals({ ...settings, truth, predictions: a }).accuracy!;
  expect(better.mean.accuracy).toBeCloseTo(0.02, 12);
  expect(better.intervals.accuracy!.low).toBeGreaterThan(0);
  expect(width(better.intervals.accuracy!)).toBeLessThan(0.5 * width(alone));
  expect(same.intervals.accuracy).toEqual({ low: 0, high: 0 });
});

test('without test records a difference is null, not NaN', () => {
  const [{ mean, intervals }] = pairedDifferences({ ...settings, truth: [], of: [[]], minus: [[[]]] });
  expect(mean).toEqual({ accuracy: null, balancedAccuracy: null, macroF1: null });
  expect(intervals).toEqual({ accuracy: null, balancedAccuracy: null, macroF1: null });
});

test('if two classifiers are equally good, 90% intervals contain 0 nine times out of ten', () => {
  const random = seededRandom(7);
  const trials = 250;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const truth = Array.from({ length: 150 }, () => (random() < 0.4 ? 1 : 0));
    // Some records are hard for both rows.
    const hard = truth.map(() => random() < 0.15);
    const run = () => predictions(truth, (i) => !hard[i] && random() < 0.8);
    const [{ intervals }] = pairedDifferences({
      truth,
      of: [run(), run()],
      minus: [[run(), run()]],
      classes: 2,
      resamples: 200,
      confidence: 0.9,
      seed: trial,
    });
    const { low, high } = intervals.balancedAccuracy!;
    if (low <= 0 && high >= 0) covered++;
  }
  // Four standard errors of a share of 250 around 0.9, with a margin for 200 resamples of 150 records.
  expect(covered / trials).toBeGreaterThan(0.82);
  expect(covered / trials).toBeLessThan(0.97);
});
