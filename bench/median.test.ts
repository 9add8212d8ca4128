import { expect, test } from 'vitest';
import { median } from './median.ts';

test('the median of odd and even counts, whatever their order', () => {
  expect(median([3, 1, 20])).toBe(3);
  expect(median([4, 1, 20, 2])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});
