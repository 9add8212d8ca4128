import { expect, test } from 'vitest';
import { firstInvalidByte } from './first-invalid-byte.ts';

test.each([0, 1, 2, 3, 4, 5, 9])('the offset is correct after %i multi-byte characters', (n) => {
  const good = Buffer.from('é💧'.repeat(n));
  const bytes = Buffer.concat([good, Buffer.from([0xe2, 0x28, 0xa1]), Buffer.from('tail💧')]);
  expect(firstInvalidByte(bytes)).toBe(good.length);
});

test('a file cut inside its last character is damaged from that character on', () => {
  expect(firstInvalidByte(Buffer.from('ab💧').subarray(0, 4))).toBe(2);
});
