import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { epsilonOf } from './accountant.ts';
import { replaceOneEpsilon } from './replace-one.ts';
import { replaceOneLosses } from './replace-one-losses.ts';

// Reference numbers: dp-accounting (Python), PLD with replace-one neighbours. See
// make-replace-one.py beside them.
type Row = {
  samplingRate: number;
  steps: number;
  noiseMultiplier: number;
  delta: number;
  epsilon: number;
};
const rows: Row[] = JSON.parse(
  readFileSync(new URL('../../test/reference/replace-one.json', import.meta.url), 'utf8'),
);

describe('replaceOneEpsilon', () => {
  it.each(rows)(
    'is never below the reference and at most 0.3% above: q $samplingRate, sigma $noiseMultiplier',
    (row) => {
      const error = replaceOneEpsilon([row], row.delta) / row.epsilon - 1;
      expect(error).toBeGreaterThan(-1e-4);
      expect(error).toBeLessThan(3e-3);
    },
  );

  it('lies between epsilon of zero-out adjacency and that of twice the sensitivity', () => {
    for (const row of rows) {
      const epsilon = replaceOneEpsilon([row], row.delta);
      expect(epsilon).toBeGreaterThan(epsilonOf({ parts: [row], delta: row.delta }));
      const doubled = { ...row, noiseMultiplier: row.noiseMultiplier / 2 };
      expect(epsilon).toBeLessThan(epsilonOf({ parts: [doubled], delta: row.delta }) * 1.002);
    }
  });

  it('composes unlike mechanisms', () => {
    const delta = 1e-5;
    const [first, second] = rows;
    const both = replaceOneEpsilon([first, second], delta);
    expect(both).toBeGreaterThan(
      Math.max(replaceOneEpsilon([first], delta), replaceOneEpsilon([second], delta)),
    );
    expect(both).toBeLessThan(replaceOneEpsilon([first], delta / 2) + replaceOneEpsilon([second], delta / 2));
  });
});

describe('replaceOneLosses', () => {
  // A step with two dimensions, in which the two gradients point in any directions: none is easier to tell
  // apart than opposite ones.
  it('dominates a step whatever the directions of the two gradients', () => {
    const [q, sigma] = [0.3, 0.9];
    const { losses, logMasses } = replaceOneLosses({ samplingRate: q, noiseMultiplier: sigma }, 1e-20);
    for (const angle of [0.3, 1, 2, 3, Math.PI]) {
      for (const length of [1, 0.6]) {
        for (const order of [1, 1.5, 3]) {
          const bound = losses.reduce(
            (sum, loss, k) => sum + Math.exp(logMasses[k]) * Math.max(0, 1 - order * Math.exp(-loss)),
            0,
          );
          const other = [length * Math.cos(angle), length * Math.sin(angle)];
          const exact = planeDivergence({ q, sigma, other, order });
          expect(exact).toBeLessThanOrEqual(bound * (1 + 5e-4));
          if (angle === Math.PI && length === 1) expect(exact / bound).toBeCloseTo(1, 3);
        }
      }
    }
  });
});

/**
 * Hockey-stick divergence between (1-q) N(0) + q N((1, 0)) and (1-q) N(0) + q N(other) in the plane, by
 * a Riemann sum.
 */
function planeDivergence(at: { q: number; sigma: number; other: number[]; order: number }): number {
  const { q, sigma, other, order } = at;
  const width = 0.04;
  const normal = (x: number, y: number) =>
    Math.exp(-(x * x + y * y) / (2 * sigma * sigma)) / (2 * Math.PI * sigma * sigma);
  let sum = 0;
  for (let x = -6; x < 7; x += width) {
    for (let y = -6; y < 6; y += width) {
      const without = (1 - q) * normal(x, y);
      const first = without + q * normal(x - 1, y);
      const second = without + q * normal(x - other[0], y - other[1]);
      sum += Math.max(0, first - order * second);
    }
  }
  return sum * width * width;
}
