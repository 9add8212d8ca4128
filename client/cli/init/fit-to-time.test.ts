import { expect, test } from 'vitest';
import type { WorkSize } from './draft-config.ts';
import { fitToTime } from './fit-to-time.ts';

const minutesOf = ({ expectedBatchSize, steps, records, seeds }: WorkSize) =>
  seeds / 2 + (expectedBatchSize * steps) / 300 + records / 120;
const sizeFor = (minutes: number, records = 100_000, labels = 4) =>
  fitToTime({ minutes, records, labels, minutesOf });

test('a run fills its time, and more time never means less work', () => {
  let before: WorkSize | undefined;
  for (const minutes of [4, 8, 15, 30, 60]) {
    const size = sizeFor(minutes);
    expect(minutesOf(size)).toBeLessThanOrEqual(minutes);
    expect(minutesOf(size)).toBeGreaterThan(0.8 * minutes);
    if (before)
      expect(size.expectedBatchSize * size.steps).toBeGreaterThan(before.expectedBatchSize * before.steps);
    before = size;
  }
});

test('a batch is at most half of the records', () => {
  expect(sizeFor(60, 101).expectedBatchSize).toBe(50);
  expect(sizeFor(60, 51).expectedBatchSize).toBe(25);
});

test('every label gets texts, however short the time and however many labels', () => {
  expect(sizeFor(0.001, 5000, 77).records).toBe(385);
  expect(sizeFor(0.001)).toMatchObject({ steps: 8, expectedBatchSize: 32, seeds: 1 });
});
