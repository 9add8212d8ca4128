import { expect, test } from 'vitest';
import { decodeNumbers, storedBytes } from './number-formats.ts';

const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

test('F16: signs, the smallest and largest numbers, infinity and NaN', () => {
  const bytes = words(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00);
  const decoded = [...decodeNumbers({ format: 'F16', bytes, values: 6 })];
  expect(decoded).toEqual([1, -2, 2 ** -24, 65_504, Number.POSITIVE_INFINITY, Number.NaN]);
});

test('BF16 is the upper half of a float32', () => {
  const bytes = words(0x3f80, 0xc0a0, 0x0000);
  expect([...decodeNumbers({ format: 'BF16', bytes, values: 3 })]).toEqual([1, -5, 0]);
});

test('Q8_0: 32 signed bytes times their scale', () => {
  const quants = Array.from({ length: 32 }, (_, i) => i - 16);
  const bytes = Uint8Array.from([...words(0x3800), ...new Uint8Array(Int8Array.from(quants).buffer)]);
  expect(bytes).toHaveLength(storedBytes('Q8_0', 32));
  expect([...decodeNumbers({ format: 'Q8_0', bytes, values: 32 })]).toEqual(quants.map((q) => q / 2));
});

test('Q4_1: low nibbles first, scale and minimum', () => {
  // Byte i holds i below and 15 - i above; scale 2, minimum -1.
  const pairs = Array.from({ length: 16 }, (_, i) => i | ((15 - i) << 4));
  const bytes = Uint8Array.from([...words(0x4000, 0xbc00), ...pairs]);
  expect(bytes).toHaveLength(storedBytes('Q4_1', 32));
  const expected = Array.from({ length: 32 }, (_, i) => 2 * (i < 16 ? i : 31 - i) - 1);
  expect([...decodeNumbers({ format: 'Q4_1', bytes, values: 32 })]).toEqual(expected);
});
