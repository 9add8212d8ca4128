import { describe, expect, it } from 'vitest';
import { asClippedSum, clipFactors, sumClipped } from './clipping.ts';

const failure = expect.objectContaining({ type: 'NumericalFailure' });

describe('clipFactors', () => {
  it('brings long gradients to the norm, leaves short ones, drops non-finite ones', () => {
    const factors = clipFactors(Float32Array.of(0, 0.5, 1, 4, Number.NaN, Number.POSITIVE_INFINITY), 1);
    expect([...factors]).toEqual([1, 1, 1, 0.25, 0, 0]);
  });
});

describe('sumClipped', () => {
  it('clips each record, then adds: a hand-computed case', () => {
    const gradients = [Float32Array.of(3, 4), Float32Array.of(0.3, -0.4), Float32Array.of(Number.NaN, 1)];
    const { values, records } = sumClipped({ gradients, clippingNorm: 1, parameters: 2 });
    expect(values[0][0]).toBeCloseTo(0.9, 6);
    expect(values[0][1]).toBeCloseTo(0.4, 6);
    expect(records).toBe(3);
  });

  it('changes by at most the clipping norm when a record is added', () => {
    const gradients = Array.from({ length: 20 }, (_, r) =>
      Float32Array.from({ length: 5 }, (_, k) => 10 * Math.sin(7 * r + k * k)),
    );
    const all = sumClipped({ gradients, clippingNorm: 0.7, parameters: 5 }).values[0];
    const without = sumClipped({ gradients: gradients.slice(1), clippingNorm: 0.7, parameters: 5 }).values[0];
    expect(Math.hypot(...all.map((x, k) => x - without[k]))).toBeLessThanOrEqual(0.7 * (1 + 1e-5));
  });
});

describe('asClippedSum', () => {
  it('refuses what no sum of clipped gradients can be', () => {
    const values = [Float32Array.of(1.5), Float32Array.of(1.5)];
    expect(asClippedSum({ values, clippingNorm: 1, records: 3 }).records).toBe(3);
    expect(() => asClippedSum({ values, clippingNorm: 1, records: 2 })).toThrow(failure);
    expect(() => asClippedSum({ values: Float32Array.of(Number.NaN), clippingNorm: 1, records: 2 })).toThrow(
      failure,
    );
    expect(() => asClippedSum({ values: Float32Array.of(0.1), clippingNorm: 1, records: 0 })).toThrow(
      failure,
    );
  });
});
