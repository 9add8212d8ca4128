import { describe, expect, it } from 'vitest';
import { sumBounded } from './bounded-sum.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { openKeystream } from './keystream.ts';
import { noiseScaleTest } from './noise-scale.fixture.ts';
import { runKeyFromBytes } from './run-key.ts';
import { openSelectionMechanism } from './selection-mechanism.ts';
import { planSelection, planSelectionWithoutPrivacy } from './selection-plan.ts';

const RECORDS = 50;
const statistics = [
  { name: 'class-counts', weight: 4, releases: 1 },
  { name: 'head-gradient', weight: 96, releases: 15 },
] as const;
const planWith = (noiseMultiplier: number) =>
  planSelection({ records: RECORDS, statistics, target: { noiseMultiplier } });
const plan = planWith(2);
const runKey = runKeyFromBytes(new Uint8Array(32).fill(5));
const sumOf = (values: number[], records = RECORDS) =>
  sumBounded({
    records,
    dimensions: values.length,
    contribute: (record) => (record === 0 ? { at: 0, values: Float64Array.from(values) } : null),
  });
const zeros = (dimensions: number) => sumOf(new Array(dimensions).fill(0));
const typed = (type: string) => expect.objectContaining({ type });

describe('release', () => {
  it.each([
    ['class-counts', 0, 2 / Math.sqrt(0.04)],
    ['head-gradient', 14, 2 * Math.sqrt(15 / 0.96)],
  ] as const)(
    'adds noise of the planned deviation to %s, release %d: a factor of 1.1 fails',
    (statistic, release, deviation) => {
      const noise = openSelectionMechanism({ plan, runKey }).release({
        statistic,
        release,
        sum: zeros(20_000),
      });
      expect(noiseScaleTest(noise, deviation)).toMatchObject({ passed: true });
      expect(noiseScaleTest(noise, deviation * 1.1)).toMatchObject({ passed: false });
      expect(noiseScaleTest(noise, deviation / 1.1)).toMatchObject({ passed: false });
    },
  );

  it('adds Gaussian noise over many keys: quantiles of one coordinate within five standard errors', () => {
    const draws = Array.from({ length: 4000 }, (_, k) => {
      const key = runKeyFromBytes(Buffer.alloc(32, `key ${k}`));
      const mechanism = openSelectionMechanism({ plan, runKey: key });
      return (mechanism.release({ statistic: 'class-counts', sum: sumOf([0.5]) })[0] - 0.5) / 10;
    });
    for (const [quantile, share] of [
      [-2, 0.02275],
      [-1, 0.15866],
      [0, 0.5],
      [1, 0.84134],
      [2, 0.97725],
    ]) {
      const below = draws.filter((draw) => draw < quantile).length / draws.length;
      expect(Math.abs(below - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / draws.length));
    }
  });

  it('keeps the sum beneath the noise, and adds nothing without privacy', () => {
    const sum = sumOf([0.6, -0.8]);
    const [noisy, noise] = [sum, zeros(2)].map((one) =>
      openSelectionMechanism({ plan: planWith(0.01), runKey }).release({
        statistic: 'class-counts',
        sum: one,
      }),
    );
    expect(Math.abs(noisy[0] - 0.6)).toBeLessThan(0.5);
    expect(Math.abs(noisy[1] + 0.8)).toBeLessThan(0.5);
    expect(noise).not.toEqual(noisy);
    const plain = planSelectionWithoutPrivacy({ records: RECORDS, statistics });
    const open = openSelectionMechanism({ plan: plain, runKey });
    expect([...open.release({ statistic: 'class-counts', sum })]).toEqual([...sum.values]);
  });

  it('repeats itself exactly in another attempt, and shares no noise with another key, release, statistic, sum or plan', () => {
    const noiseOf = (change: {
      key?: number;
      sigma?: number;
      statistic?: 'class-counts' | 'head-gradient';
      release?: number;
      values?: number[];
    }) => {
      const { key = 5, sigma = 2, statistic = 'head-gradient', release = 0, values = [0, 0, 0, 0] } = change;
      const own = planWith(sigma);
      const mechanism = openSelectionMechanism({
        plan: own,
        runKey: runKeyFromBytes(new Uint8Array(32).fill(key)),
      });
      const { noiseMultiplier } = mechanism.planned(statistic);
      const noisy = mechanism.release({ statistic, release, sum: sumOf(values) });
      return noisy.map((value, k) => (value - values[k]) / noiseMultiplier).map((z) => Math.round(z * 1e6));
    };
    const seen = [
      {},
      { key: 6 },
      { sigma: 2.5 },
      { statistic: 'class-counts' as const },
      { release: 1 },
      { values: [0, 0, 0.001, 0] },
    ].map((change) => [...noiseOf(change)]);
    expect([...noiseOf({})]).toEqual(seen[0]);
    const every = seen.flat();
    expect(new Set(every).size).toBe(every.length);
    // What the key itself would give, as training under the same run key takes it.
    for (const purpose of ['noise', 'draw', 'label-histogram', 'selection'] as const) {
      const own = gaussianNoise(openKeystream({ runKey, purpose, step: 0 }), 4);
      for (const z of own) expect(every).not.toContain(Math.round(z * 1e6));
    }
  });

  it('refuses a second release of another sum, and repeats one of the same', () => {
    const mechanism = openSelectionMechanism({ plan, runKey });
    const release = (values: number[], number = 0) =>
      mechanism.release({ statistic: 'head-gradient', release: number, sum: sumOf(values) });
    const first = release([0.1, 0]);
    expect(release([0.1, 0])).toEqual(first);
    expect(() => release([0.1, 1e-9])).toThrow(typed('BudgetExceeded'));
    expect(release([0.2, 0], 1)).toHaveLength(2);
    expect(release([0.1, 0])).toEqual(first);
  });

  it('refuses what is not planned: statistics, releases, numbers of records', () => {
    const mechanism = openSelectionMechanism({ plan, runKey });
    const sum = zeros(2);
    const statistic = 'head-gradient';
    expect(() => mechanism.release({ statistic: 'class-sums', sum })).toThrow(typed('BudgetExceeded'));
    for (const release of [15, -1, 0.5])
      expect(() => mechanism.release({ statistic, release, sum })).toThrow(typed('BudgetExceeded'));
    expect(() => mechanism.release({ statistic, sum: sumOf([0], 49) })).toThrow(typed('InvalidConfig'));
    expect(() => mechanism.release({ statistic, sum: sumOf([0], 51) })).toThrow(typed('InvalidConfig'));
    expect(mechanism.release({ statistic, release: 14, sum })).toHaveLength(2);
  });

  it('opens for a proven plan alone', () => {
    const copy = JSON.parse(JSON.stringify(plan));
    for (const forged of [copy, { ...plan }, Object.create(plan)])
      expect(() => openSelectionMechanism({ plan: forged, runKey })).toThrow(typed('InvalidConfig'));
  });
});
