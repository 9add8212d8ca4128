import { expect, it } from 'vitest';
import { attackBounds, protectionInWords } from './attack-bounds.ts';

it('gives an attacker nothing at epsilon 0, and near certainty at epsilon 8', () => {
  const none = attackBounds(0, 0);
  expect(none.success).toBe(0.5);
  expect(none.truePositiveRate).toBeCloseTo(0.01, 12);
  expect(attackBounds(8, 1e-5).success).toBeCloseTo(Math.exp(8) / (1 + Math.exp(8)), 6);
  expect(attackBounds(8, 1e-5).truePositiveRate).toBeCloseTo(1 - Math.exp(-8) * 0.99, 6);
  expect(attackBounds(1, 1e-5).truePositiveRate).toBeCloseTo(0.0271928, 6);
  expect(attackBounds(1, 0.1).success).toBeCloseTo((Math.E + 0.1) / (1 + Math.E), 12);
  expect(attackBounds(1e4, 1e-5)).toEqual({ success: 1, truePositiveRate: 1 });
});

it('holds for the best attack on a mechanism that has exactly that epsilon: randomised response', () => {
  for (const epsilon of [0.5, 2, 5]) {
    const truth = Math.exp(epsilon) / (1 + Math.exp(epsilon));
    expect(attackBounds(epsilon, 0).success).toBeCloseTo(truth, 12);
  }
});

it('calls no bound of epsilon 8 strong, and says that one above 10 rules out almost nothing', () => {
  expect(protectionInWords(0.5)).toMatch(/strong/);
  expect(protectionInWords(3)).toMatch(/moderate/);
  expect(protectionInWords(8)).toMatch(/weak bound/);
  expect(protectionInWords(11)).toMatch(/rules out almost nothing/);
});
