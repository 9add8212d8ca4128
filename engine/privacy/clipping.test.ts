import { describe, expect, it } from 'vitest';
import { asClippedSum, clipFactors, clipFactorsByGroup, recordNorms, sumClipped } from './clipping.ts';

const failure = expect.objectContaining({ type: 'NumericalFailure' });

describe('clipFactors', () => {
  it('brings long gradients to the norm, leaves short ones, drops non-finite ones', () => {
    const factors = clipFactors(Float32Array.of(0, 0.5, 1, 4, Number.NaN, Number.POSITIVE_INFINITY), 1);
    expect([...factors]).toEqual([1, 1, 1, 0.25, 0, 0]);
  });
});

describe('clipFactorsByGroup', () => {
  it('clips each of four layers to half the norm, so that together they have at most the norm', () => {
    const norms = [0.1, 0.5, 1, 4];
    const factors = clipFactorsByGroup(
      Float32Array.from(norms, (x) => x * x),
      4,
      1,
    );
    [1, 1, 0.5, 0.125].forEach((factor, k) => {
      expect(factors[k]).toBeCloseTo(factor, 6);
    });
    const long = clipFactorsByGroup(Float32Array.of(9, 16, 25, 36, 1e30, 1e-6, 1, 0), 4, 0.7);
    const whole = (from: number, lengths: number[]) =>
      Math.hypot(...lengths.map((length, k) => length * long[from + k]));
    expect(whole(0, [3, 4, 5, 6])).toBeCloseTo(0.7, 6);
    expect(whole(4, [1e15, 1e-3, 1, 0])).toBeLessThanOrEqual(0.7 * (1 + 1e-6));
  });

  it('drops a record that is not finite in one layer from all, and no other record', () => {
    const squares = Float32Array.of(1, Number.NaN, 0.01, 0.01, Number.POSITIVE_INFINITY, 0);
    expect([...clipFactorsByGroup(squares, 2, 1)]).toEqual([0, 0, 1, 1, 0, 0]);
    expect(recordNorms(squares, 2)[0]).toBeNaN();
    expect(recordNorms(squares, 2)[1]).toBeCloseTo(Math.sqrt(0.02), 6);
  });

  it('counts a squared norm below zero, a result of rounding, by its size: every factor is a number', () => {
    const squares = Float32Array.of(-1e-9, 0.01, -25, 0, Number.NEGATIVE_INFINITY, 1);
    const factors = clipFactorsByGroup(squares, 2, Math.SQRT2);
    expect([...factors].map((factor) => Number(factor.toFixed(4)))).toEqual([1, 1, 0.2, 1, 0, 0]);
    const norms = recordNorms(squares, 2);
    expect(norms[0]).toBeCloseTo(0.1, 6);
    expect(norms[1]).toBe(5);
    expect([...clipFactors(norms, 1)].map((factor) => Number(factor.toFixed(4)))).toEqual([1, 0.2, 0]);
    expect([...clipFactors(Float32Array.of(-1), 1)]).toEqual([0]);
  });

  it('is flat clipping with one group, and refuses groups that do not divide the norms', () => {
    const norms = Float32Array.of(0, 0.25, 3, Number.NaN);
    const squares = norms.map((norm) => norm * norm);
    expect(clipFactorsByGroup(squares, 1, 1)).toEqual(clipFactors(norms, 1));
    for (const groups of [3, 0, 1.5])
      expect(() => clipFactorsByGroup(squares, groups, 1)).toThrow(/do not divide/);
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

  it('counts the records within the norm, one that is not finite as outside', () => {
    const norms = [0.5, 1, 1.0001, Number.NaN, Number.POSITIVE_INFINITY];
    const sum = { values: Float32Array.of(1), clippingNorm: 1, records: 5 };
    expect(asClippedSum({ ...sum, norms }).within).toBe(2);
    expect(asClippedSum(sum).within).toBeNull();
    expect(() => asClippedSum({ ...sum, norms: [0.5] })).toThrow(/one per record/);
  });
});
