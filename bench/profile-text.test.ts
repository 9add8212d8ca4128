import { expect, test } from 'vitest';
import { byOp, profileText } from './profile-text.ts';

const ops = [
  { op: 'MatMul', shapes: '4x4, 4x4', calls: 2, milliseconds: 30 },
  { op: 'Mul', shapes: '4x4, scalar', calls: 9, milliseconds: 40 },
  { op: 'MatMul', shapes: '8x8, 8x8', calls: 1, milliseconds: 20 },
];

test('times are summed by operation, the longest first', () => {
  expect(byOp(ops).map(({ op, calls, milliseconds }) => [op, calls, milliseconds])).toEqual([
    ['MatMul', 3, 50],
    ['Mul', 9, 40],
  ]);
});

test('a profile says what share each operation has, and what is left outside TensorFlow', () => {
  const text = profileText({ milliseconds: 100, ops });
  expect(text).toMatch(/10\.0 ms +10\.0% +outside TensorFlow/);
  expect(text).toMatch(/50\.0 ms +50\.0% +3x +MatMul$/m);
  expect(text).toMatch(/40\.0 ms +40\.0% +9x +Mul 4x4, scalar/);
});
