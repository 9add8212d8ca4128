import { expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { drawToken } from './next-token.ts';

const distribution = Float32Array.from([0.05, 0.4, 0.15, 0.3, 0.1]);

function frequencies(sampling: { topK: number; topP: number }, draws = 20_000): number[] {
  const uniform = seededRandom(7);
  const counts = new Array(distribution.length).fill(0);
  for (let i = 0; i < draws; i++)
    counts[drawToken(distribution, { temperature: 1, ...sampling }, uniform)] += 1 / draws;
  return counts;
}

test('without limits, tokens are drawn as often as their probabilities', () => {
  frequencies({ topK: 0, topP: 1 }).forEach((share, id) => {
    expect(share).toBeCloseTo(distribution[id], 1.9);
  });
});

test('top-p keeps the smallest set with the mass, renormalised', () => {
  // 0.4 + 0.3 = 0.7 is below 0.75, so the third token is needed, but no more.
  const shares = frequencies({ topK: 0, topP: 0.75 });
  expect(shares[0]).toBe(0);
  expect(shares[4]).toBe(0);
  expect(shares[1]).toBeCloseTo(0.4 / 0.85, 1.9);
  expect(shares[2]).toBeCloseTo(0.15 / 0.85, 1.9);
});

test('top-k keeps the k most likely tokens, and top-p applies to their mass', () => {
  const two = frequencies({ topK: 2, topP: 1 });
  expect(two.map((share) => share > 0)).toEqual([false, true, false, true, false]);
  // 0.4 is 57% of the remaining 0.7, so the first token alone is enough for top-p 0.5.
  expect(frequencies({ topK: 2, topP: 0.5 })[1]).toBeCloseTo(1, 9);
});

test('a flat distribution over a large vocabulary is cut exactly', () => {
  const size = 49_152;
  const slope = Float32Array.from({ length: size }, (_, id) => (1.25 - (0.5 * id) / size) / size);
  // The mass of the first share x of the tokens is 1.25 x - 0.25 x^2: half of it at x = 0.4384.
  const uniform = seededRandom(3);
  const drawn = Array.from({ length: 120 }, () =>
    drawToken(slope, { temperature: 1, topK: 0, topP: 0.5 }, uniform),
  );
  expect(Math.max(...drawn)).toBeLessThan(size * 0.4386);
  expect(Math.max(...drawn)).toBeGreaterThan(size * 0.42);
  const ten = Array.from({ length: 120 }, () =>
    drawToken(slope, { temperature: 1, topK: 10, topP: 1 }, uniform),
  );
  expect(new Set(ten).size).toBe(10);
});

test('the drawn set equals the one found by sorting all tokens, including ties at its edge', () => {
  const uniform = seededRandom(11);
  for (let round = 0; round < 20; round++) {
    // Whole weights of 1 to 6 tie often.
    const weights = Array.from({ length: 40 }, () => 1 + Math.floor(6 * uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    const probabilities = Float32Array.from(weights, (weight) => weight / sum);
    const topK = round % 2 === 0 ? 0 : 1 + Math.floor(40 * uniform());
    const topP = 0.05 + 0.9 * uniform();

    const sorted = [...weights].sort((a, b) => b - a);
    const atLeast = (lowest: number) => sorted.filter((weight) => weight >= lowest);
    const massOf = (set: number[]) => set.reduce((a, b) => a + b, 0);
    const edgeK = topK === 0 ? 1 : sorted[topK - 1];
    const edgeP = sorted.find((weight) => massOf(atLeast(weight)) >= topP * massOf(atLeast(edgeK)))!;
    const expected = weights.flatMap((weight, id) => (weight >= Math.max(edgeK, edgeP) ? [id] : []));

    const drawn = new Set<number>();
    for (let i = 0; i < 2000; i++)
      drawn.add(drawToken(probabilities, { temperature: 1, topK, topP }, () => (i + 0.5) / 2000));
    expect([...drawn].sort((a, b) => a - b)).toEqual(expected);
  }
});

test('at temperature 0 the most likely token is taken', () => {
  expect(drawToken(distribution, { temperature: 0, topK: 0, topP: 1 }, () => 0.99)).toBe(1);
});
