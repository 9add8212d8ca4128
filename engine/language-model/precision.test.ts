import { afterEach, expect, test, vi } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import { hasFrozenMatMul } from '../tensor/native-kernels.ts';
import { resolvePrecision } from './precision.ts';

afterEach(() => vi.unstubAllEnvs());

test('auto is bfloat16 if this processor can multiply it', () => {
  expect(resolvePrecision('auto')).toBe(hasFrozenMatMul() ? 'bfloat16' : 'float32');
  expect(resolvePrecision('float32')).toBe('float32');
});

test('otherwise auto is float32, and bfloat16 is refused with its requirements', () => {
  vi.stubEnv('DPSYNTH_BFLOAT16', 'off');
  expect(resolvePrecision('auto')).toBe('float32');
  expect(resolvePrecision('float32')).toBe('float32');
  expect(() => resolvePrecision('bfloat16')).toThrow(
    expect.objectContaining({
      type: ErrorType.InvalidConfig,
      message: expect.stringMatching(/^training\.precision is 'bfloat16'.*AVX512_BF16.*'auto' or 'float32'/),
    }),
  );
});
