import { describe, expect, it } from 'vitest';
import { renyiDivergence } from './rdp.ts';

describe('renyiDivergence', () => {
  it('equals the closed sum for integer orders (Mironov et al. 2019, section 3.3)', () => {
    for (const [q, sigma] of [
      [0.04, 0.68],
      [0.3, 2],
      [0.001, 0.5],
    ]) {
      for (const order of [2, 5, 17]) {
        expect(renyiDivergence({ samplingRate: q, noiseMultiplier: sigma }, order)).toBeCloseTo(
          closedForm(q, sigma, order),
          9,
        );
      }
    }
  });

  it('is order / (2 sigma^2) without sampling', () => {
    expect(renyiDivergence({ samplingRate: 1, noiseMultiplier: 2 }, 3.5)).toBeCloseTo(3.5 / 8, 12);
  });

  it('lies between its neighbours at fractional orders', () => {
    const at = (order: number) => renyiDivergence({ samplingRate: 0.04, noiseMultiplier: 0.68 }, order);
    expect(at(2.5)).toBeGreaterThan(at(2));
    expect(at(2.5)).toBeLessThan(at(3));
  });
});

/** ln sum_k C(order, k) (1-q)^(order-k) q^k exp((k^2 - k) / (2 sigma^2)) / (order - 1) */
function closedForm(q: number, sigma: number, order: number): number {
  let [sum, choose] = [0, 1];
  for (let k = 0; k <= order; k++) {
    sum += choose * (1 - q) ** (order - k) * q ** k * Math.exp((k * k - k) / (2 * sigma * sigma));
    choose = (choose * (order - k)) / (k + 1);
  }
  return Math.log(sum) / (order - 1);
}
