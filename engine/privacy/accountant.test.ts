import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accountantSchema } from '../../schemas/privacy.ts';
import { deltaOf, epsilonOf } from './accountant.ts';

// Reference numbers: dp-accounting (Python), its PLD and RDP accountants, Poisson sampling, add/remove one.
const reference = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../test/reference/${name}`, import.meta.url), 'utf8'));
type Row = {
  n: number;
  batch: number;
  steps: number;
  sigma: number;
};
const partOf = ({ n, batch, steps, sigma }: Row) => ({
  samplingRate: batch / n,
  noiseMultiplier: sigma,
  steps,
});
const rows: (Row & { delta: number; epsilon_pld: number; epsilon_rdp: number })[] = reference('epsilon.json');
const mixed: { parts: Row[]; delta: number; epsilon_pld: number }[] = reference('composition.json');

const one = (samplingRate: number, noiseMultiplier: number, steps: number) => [
  { samplingRate, noiseMultiplier, steps },
];

describe('epsilonOf against a peer', () => {
  it.each(rows)(
    'n $n, batch $batch, steps $steps, sigma $sigma: PLD within [-0.1%, +0.5%], RDP within 1%',
    (row) => {
      const parts = [partOf(row)];
      const pld = epsilonOf({ parts, delta: row.delta }) / row.epsilon_pld - 1;
      expect(pld).toBeGreaterThan(-0.001);
      expect(pld).toBeLessThan(0.005);
      const rdp = epsilonOf({ parts, delta: row.delta, accountant: 'rdp' });
      expect(Math.abs(rdp / row.epsilon_rdp - 1)).toBeLessThan(0.01);
      expect(epsilonOf({ parts, delta: row.delta })).toBeLessThanOrEqual(rdp);
    },
  );

  it.each(mixed)('composes unlike mechanisms: $epsilon_pld', ({ parts, delta, epsilon_pld }) => {
    const error = epsilonOf({ parts: parts.map(partOf), delta }) / epsilon_pld - 1;
    expect(error).toBeGreaterThan(-0.001);
    expect(error).toBeLessThan(0.005);
  });

  it('knows what Poisson sampling is worth: epsilon 3.00, and 14.1 for batches of a shuffle', () => {
    expect(epsilonOf({ parts: one(1024 / 25_000, 1.182, 244), delta: 1.5e-5 })).toBeCloseTo(3.0, 2);
    // Shuffled batches without amplification: each record is in one batch of each of the ten epochs.
    expect(epsilonOf({ parts: one(1, 1.182, 10), delta: 1.5e-5 })).toBeCloseTo(14.1, 1);
  });
});

describe('epsilonOf against the truth', () => {
  // Balle and Wang 2018, theorem 8: delta of the Gaussian mechanism, with a normal tail to
  // full relative accuracy.
  const gaussianDelta = (sigma: number, epsilon: number) =>
    normalTail(epsilon * sigma - 1 / (2 * sigma)) -
    Math.exp(epsilon) * normalTail(epsilon * sigma + 1 / (2 * sigma));

  it.each([
    [1, 1, 1e-5],
    [10, 1, 1e-5],
    [5, 10, 1e-4],
    [50, 1000, 1e-12],
    [3, 1, 1e-30],
    [1e6, 1, 1e-8],
    [1e4, 1, 1e-6],
  ])(
    'sigma %d, %d steps, delta %d: never below the exact Gaussian, at most 0.02%% above',
    (sigma, steps, delta) => {
      const epsilon = epsilonOf({ parts: one(1, sigma, steps), delta });
      const composed = sigma / Math.sqrt(steps);
      expect(gaussianDelta(composed, epsilon)).toBeLessThanOrEqual(delta * (1 + 1e-6));
      expect(gaussianDelta(composed, epsilon * (1 - 2e-4))).toBeGreaterThan(delta);
    },
  );

  it('comes down to its limit as the grid gets finer, never crossing it', () => {
    const at = (tolerance: number) => epsilonOf({ parts: one(0.01, 4, 1000), delta: 1e-6, tolerance });
    const [coarse, usual, fine] = [at(1e-2), at(1e-4), at(2e-6)];
    expect(coarse).toBeGreaterThan(usual);
    expect(usual).toBeGreaterThan(fine);
    expect(usual / fine - 1).toBeLessThan(1.1e-4);
  });

  it('agrees with one step computed by integration, in the worse of both directions', () => {
    const [q, sigma, epsilon] = [0.2, 0.8, 0.5];
    const delta = deltaOf({ parts: one(q, sigma, 1), epsilon });
    const exact = Math.max(hockeyStick(q, sigma, epsilon, 'remove'), hockeyStick(q, sigma, epsilon, 'add'));
    expect(delta / exact).toBeGreaterThan(1 - 1e-6);
    expect(delta / exact).toBeLessThan(1.001);
  });
});

describe('epsilonOf as a function', () => {
  const base = { samplingRate: 0.02, noiseMultiplier: 1, steps: 200 };
  const at = (change: Partial<typeof base>, delta = 1e-5) =>
    epsilonOf({ parts: [{ ...base, ...change }], delta });

  it('falls with noise and delta, grows with steps and sampling rate', () => {
    const epsilon = at({});
    expect(at({ noiseMultiplier: 1.02 })).toBeLessThan(epsilon);
    expect(at({}, 2e-5)).toBeLessThan(epsilon);
    expect(at({ steps: 204 })).toBeGreaterThan(epsilon);
    expect(at({ samplingRate: 0.0204 })).toBeGreaterThan(epsilon);
    expect(
      epsilonOf({ parts: [base, { samplingRate: 1, noiseMultiplier: 50, steps: 1 }], delta: 1e-5 }),
    ).toBeGreaterThan(epsilon);
  });

  it('does not care how steps are cut into parts', () => {
    const cut = epsilonOf({
      parts: [
        { ...base, steps: 50 },
        { ...base, steps: 150 },
      ],
      delta: 1e-5,
    });
    expect(cut / at({}) - 1).toBeCloseTo(0, 6);
  });

  it('is the inverse of deltaOf to within their tolerances', () => {
    const parts = [base];
    const delta = deltaOf({ parts, epsilon: epsilonOf({ parts, delta: 1e-5 }) });
    expect(delta / 1e-5).toBeGreaterThan(0.99);
    expect(delta).toBeLessThanOrEqual(1e-5);
  });

  it.each([
    [1e-3, 1e6, 1000, 1e-9],
    [1e-9, 0.01, 1, 1e-6],
    [0.02, 20, 5000, 1e-60],
    [0.999999999, 2, 100, 1e-5],
    [0.01, 0.02, 10, 1e-6],
    [0.01, 1e7, 1, 1e-3],
  ])(
    'answers at the edges with a number not above RDP: q %d, sigma %d, steps %d, delta %d',
    (q, sigma, steps, delta) => {
      const parts = one(q, sigma, steps);
      const epsilon = epsilonOf({ parts, delta });
      expect(epsilon).toBeGreaterThanOrEqual(0);
      expect(epsilon).toBeLessThanOrEqual(epsilonOf({ parts, delta, accountant: 'rdp' }) * (1 + 1e-4));
    },
  );

  it.each([
    [one(0, 1, 1), 1e-5],
    [one(1.01, 1, 1), 1e-5],
    [one(Number.NaN, 1, 1), 1e-5],
    [one(0.1, 0, 1), 1e-5],
    [one(0.1, -1, 1), 1e-5],
    [one(0.1, Number.POSITIVE_INFINITY, 1), 1e-5],
    [one(0.1, 1, 1.5), 1e-5],
    [one(0.1, 1, 0), 1e-5],
    [one(0.1, 1, 1), 0],
    [one(0.1, 1, 1), 1],
    [one(0.1, 1, 1), Number.NaN],
    [[], 1e-5],
  ])('refuses %j at delta %d', (parts, delta) => {
    for (const accountant of accountantSchema.options) {
      expect(() => epsilonOf({ parts, delta, accountant })).toThrow(
        expect.objectContaining({ type: 'InvalidConfig' }),
      );
    }
  });
});

/** P(N(0,1) > z), by Simpson's rule on the tail: relative accuracy about 1e-10. */
function normalTail(z: number): number {
  const [width, count] = [12, 4000];
  const density = (x: number) => Math.exp(-(x * x) / 2 - x * z);
  if (z < 0) return 1 - normalTail(-z);
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    sum += density((k * width) / count) * (k === 0 || k === count ? 1 : k % 2 === 1 ? 4 : 2);
  }
  return ((sum * width) / count / 3 / Math.sqrt(2 * Math.PI)) * Math.exp((-z * z) / 2);
}

/** delta of one step by a fine Riemann sum of max(0, p - e^epsilon p'). */
function hockeyStick(q: number, sigma: number, epsilon: number, direction: 'remove' | 'add'): number {
  const normal = (x: number) => Math.exp(-(x * x) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
  let sum = 0;
  const width = 1e-4;
  for (let x = -9; x < 10; x += width) {
    const without = normal(x);
    const mixture = (1 - q) * without + q * normal(x - 1);
    sum += Math.max(
      0,
      direction === 'remove' ? mixture - Math.exp(epsilon) * without : without - Math.exp(epsilon) * mixture,
    );
  }
  return sum * width;
}
