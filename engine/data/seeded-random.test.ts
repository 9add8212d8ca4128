import { expect, test } from 'vitest';
import { derivedSeed, randomStream, seededRandom, shuffledIndices } from './seeded-random.ts';

test('equal seeds give equal numbers, different seeds different ones', () => {
  const draw = (seed: number) => Array.from({ length: 50 }, seededRandom(seed));
  expect(draw(3)).toEqual(draw(3));
  const [a, b] = [draw(3), draw(4)];
  expect(a.filter((value, i) => Math.abs(value - b[i]) < 0.01).length).toBeLessThan(8);
});

test('numbers are uniform: mean, variance and ten bins', () => {
  const n = 100_000;
  const values = Array.from({ length: n }, seededRandom(11));
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
  const bins = new Array(10).fill(0);
  for (const value of values) bins[Math.floor(value * 10)]++;
  const chiSquare = bins.reduce((sum, count) => sum + (count - n / 10) ** 2 / (n / 10), 0);
  // 99.99th percentile of chi-square with 9 degrees of freedom.
  expect(chiSquare).toBeLessThan(33.7);
});

test('a shuffle is a permutation', () => {
  expect([...shuffledIndices(100, seededRandom(1))].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
});

const SEEDS = [
  0,
  1,
  2 ** 21,
  20260101,
  2 ** 32,
  2 ** 40 + 1,
  Number.MAX_SAFE_INTEGER - 1,
  Number.MAX_SAFE_INTEGER,
];

test('every seed, purpose and index has its own numbers, however large the seed', () => {
  const names = SEEDS.flatMap((seed) =>
    ['sample', 'classify'].flatMap((purpose) =>
      Array.from({ length: 200 }, (_, index) => ({ seed, purpose, index })),
    ),
  );
  const first = (name: (typeof names)[number]) => Array.from({ length: 4 }, randomStream(name)).join();
  expect(new Set(names.map(first)).size).toBe(names.length);
  expect(new Set(names.map(derivedSeed)).size).toBe(names.length);
  for (const name of names) expect(Number.isSafeInteger(derivedSeed(name))).toBe(true);
  expect(first(names[7])).toBe(first({ ...names[7] }));
});

test('seeds that differ only in their upper bits give different numbers', () => {
  const streams = SEEDS.map((seed) => Array.from({ length: 4 }, seededRandom(seed)).join());
  expect(new Set(streams).size).toBe(SEEDS.length);
});

test('a seed of 32 bits gives the same numbers as in every version', () => {
  const draw = seededRandom(7);
  expect([draw(), draw(), draw()]).toEqual([0.4547669554594904, 0.0638020287733525, 0.4162815688177943]);
});
