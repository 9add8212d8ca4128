import { describe, expect, it } from 'vitest';
import { type Contribution, sumBounded } from './bounded-sum.ts';

const refused = expect.objectContaining({ type: 'InvalidConfig' });
const sumOf = (contributions: (Contribution | null)[], dimensions = 4) =>
  sumBounded({ records: contributions.length, dimensions, contribute: (record) => contributions[record] });
const row = (...values: number[]): Contribution => ({ at: 0, values: Float64Array.from(values) });
const norm = (values: Float64Array) => Math.hypot(...values);

describe('sumBounded', () => {
  it('adds up contributions at consecutive and at scattered places', () => {
    const scattered = { at: Int32Array.of(0, 3), values: Float64Array.of(0.5, 0.25) };
    const { values, records } = sumOf([row(0.1, 0.2), { at: 2, values: Float64Array.of(0.3) }, scattered]);
    expect([...values]).toEqual([0.1 + 0.5, 0.2, 0.3, 0.25]);
    expect(records).toBe(3);
  });

  it('keeps a contribution of norm 1 or less as it is, and cuts a longer one to norm 1 with its direction', () => {
    expect([...sumOf([row(0.6, 0.8)]).values]).toEqual([0.6, 0.8, 0, 0]);
    const { values } = sumOf([row(30, 40)]);
    expect(values[0]).toBeCloseTo(0.6, 14);
    expect(values[1]).toBeCloseTo(0.8, 14);
  });

  it('moves by at most 1 if any record is taken out, however hostile', () => {
    const hostile = [
      row(1e9, -1e9, 1e9, 1e9),
      row(1e200, 0, 0, 0),
      row(Number.NaN, 1, 1, 1),
      row(Number.POSITIVE_INFINITY, 0, 0, 0),
      row(1, 1, 1, 1),
      { at: Int32Array.of(1, 2, 3), values: Float64Array.of(9, 9, 9) },
      null,
    ];
    const others = [row(0.1, 0.2, 0.3, 0.4), row(-1, 0, 0, 0)];
    const without = sumOf([...others, null]).values;
    for (const record of hostile) {
      const moved = sumOf([...others, record]).values.map((value, k) => value - without[k]);
      expect(norm(moved)).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it('refuses places outside the sum and places named twice, which would add up beyond the norm', () => {
    const values = Float64Array.of(0.7, 0.7);
    for (const at of [
      3,
      -1,
      0.5,
      Int32Array.of(1, 1),
      Int32Array.of(2, 1),
      Int32Array.of(3, 4),
      Int32Array.of(1),
    ])
      expect(() => sumOf([{ at, values }]), `${at}`).toThrow(refused);
  });
});
