import { expect, test } from 'vitest';
import { assertAgree, largestRelativeError } from './agreement.ts';

test('the largest relative error is found, and what cannot be compared never agrees', () => {
  expect(largestRelativeError([1, 2.2, 0], [1, 2, 0])).toBeCloseTo(0.1, 9);
  const bad = [largestRelativeError([1], [1, 2]), largestRelativeError([Number.NaN, 1], [1, 1])];
  bad.push(largestRelativeError([1], [0]));
  for (const error of bad) expect(() => assertAgree('loss', error, 0.5)).toThrow('differ in loss');
  expect(() => assertAgree('loss', 0.5, 0.5)).not.toThrow();
});
