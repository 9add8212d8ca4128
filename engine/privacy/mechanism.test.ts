import { describe, expect, it } from 'vitest';
import { asClippedSum, asUnclippedSum, sumClipped } from './clipping.ts';
import { openMechanism } from './mechanism.ts';
import { planMechanism, planWithoutPrivacy, reopenPlan } from './mechanism-plan.ts';
import { noiseScaleTest } from './noise-scale.fixture.ts';
import { runKeyFromBytes } from './run-key.ts';

const key = runKeyFromBytes(new Uint8Array(32).fill(7));
const plan = planMechanism({
  records: 4000,
  expectedBatchSize: 100,
  steps: 300,
  clippingNorm: 0.5,
  target: { noiseMultiplier: 1.3 },
});
const empty = (dimensions: number, clippingNorm = 0.5) =>
  asClippedSum({ values: new Float32Array(dimensions), clippingNorm, records: 0 });
const typed = (type: string) => expect.objectContaining({ type });

describe('draw', () => {
  it('has batch sizes of the binomial distribution: mean and variance within five standard errors', () => {
    const mechanism = openMechanism(plan, key);
    const sizes = Array.from({ length: plan.steps }, (_, step) => mechanism.draw(step).length);
    const mean = sizes.reduce((a, b) => a + b) / sizes.length;
    const variance = sizes.reduce((sum, size) => sum + (size - 100) ** 2, 0) / sizes.length;
    const expected = 4000 * 0.025 * 0.975;
    expect(Math.abs(mean - 100)).toBeLessThan(5 * Math.sqrt(expected / sizes.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / sizes.length));
  });

  it('takes every record equally often, and draws of two steps are independent', () => {
    const mechanism = openMechanism(plan, key);
    const taken = new Float64Array(plan.records);
    let common = 0;
    let before = new Set<number>();
    for (let step = 0; step < plan.steps; step++) {
      const drawn = mechanism.draw(step);
      for (const record of drawn) taken[record]++;
      common += drawn.filter((record) => before.has(record)).length;
      before = new Set(drawn);
    }
    // Pearson's statistic over records has mean n and variance about 2n.
    const spread = 300 * 0.025 * 0.975;
    const statistic = taken.reduce((sum, count) => sum + (count - 7.5) ** 2 / spread, 0);
    expect(Math.abs(statistic - 4000)).toBeLessThan(5 * Math.sqrt(8000));
    // Two independent draws share n q^2 = 2.5 records on average.
    expect(Math.abs(common - 299 * 2.5)).toBeLessThan(5 * Math.sqrt(299 * 2.5));
  });

  it('is the same for the same key and step, and another for another', () => {
    const [first, again] = [openMechanism(plan, key), openMechanism(plan, key)];
    expect(first.draw(5)).toEqual(again.draw(5));
    expect(first.draw(5)).not.toEqual(first.draw(6));
    expect(first.draw(5)).not.toEqual(
      openMechanism(plan, runKeyFromBytes(new Uint8Array(32).fill(8))).draw(5),
    );
    expect([...first.draw(5)]).toEqual([...first.draw(5)].sort((a, b) => a - b));
  });

  it('takes all records at sampling rate 1', () => {
    const full = planMechanism({
      records: 10,
      expectedBatchSize: 10,
      steps: 1,
      clippingNorm: 1,
      target: { noiseMultiplier: 2 },
    });
    expect(openMechanism(full, key).draw(0)).toEqual(Int32Array.from({ length: 10 }, (_, k) => k));
  });
});

describe('privatize', () => {
  it('adds noise of standard deviation sigma * C / (q n) to an empty draw: a factor of 1.1 fails', () => {
    const { tensors, noiseDeviation } = openMechanism(plan, key).privatize({ step: 0, sum: empty(20_000) });
    const [noised] = tensors;
    const expected = (1.3 * 0.5) / 100;
    expect(noiseDeviation).toBeCloseTo(expected, 15);
    expect(noiseScaleTest(noised, expected)).toMatchObject({ passed: true });
    expect(noiseScaleTest(noised, expected * 1.1)).toMatchObject({ passed: false });
    expect(noiseScaleTest(noised, expected / 1.1)).toMatchObject({ passed: false });
  });

  it('divides the sum by the expected batch, not by the number drawn, and keeps its shapes', () => {
    const mechanism = openMechanism(planWithoutPrivacy({ ...plan, clippingNorm: 0.5 }), key);
    const sum = sumClipped({
      gradients: [Float32Array.of(0.3, 0.4), Float32Array.of(3, 4)],
      clippingNorm: 0.5,
      parameters: 2,
    });
    const { tensors, noiseDeviation } = mechanism.privatize({ step: 0, sum });
    const [average] = tensors;
    expect(noiseDeviation).toBe(0);
    expect(average[0]).toBeCloseTo(0.6 / 100, 8);
    expect(average[1]).toBeCloseTo(0.8 / 100, 8);
    const two = asClippedSum({
      values: [new Float32Array(3), new Float32Array(2)],
      clippingNorm: 0.5,
      records: 0,
    });
    expect(
      openMechanism(plan, key)
        .privatize({ step: 0, sum: two })
        .tensors.map((t) => t.length),
    ).toEqual([3, 2]);
  });

  it('uses fresh noise at each step, and repeats it exactly when resumed from the digests', () => {
    const run = openMechanism(plan, key);
    const noised = [0, 1, 2].map((step) => run.privatize({ step, sum: empty(64) }).tensors);
    expect(noised[0]).not.toEqual(noised[1]);
    const stopped = openMechanism(plan, key);
    stopped.privatize({ step: 0, sum: empty(64) });
    const resumed = openMechanism(plan, key, JSON.parse(JSON.stringify(stopped.digests())));
    expect(resumed.privatize({ step: 1, sum: empty(64) }).tensors).toEqual(noised[1]);
    resumed.privatize({ step: 2, sum: empty(64) });
    expect(resumed.digests()).toEqual(run.digests());
  });

  it('refuses steps past the plan, out of order, and the same step with another sum', () => {
    const short = planMechanism({
      records: 100,
      expectedBatchSize: 50,
      steps: 2,
      clippingNorm: 0.5,
      target: { noiseMultiplier: 1 },
    });
    const mechanism = openMechanism(short, key);
    const first = mechanism.privatize({ step: 0, sum: empty(2) });
    expect(mechanism.privatize({ step: 0, sum: empty(2) })).toEqual(first);
    const other = asClippedSum({ values: Float32Array.of(0.1, 0), clippingNorm: 0.5, records: 1 });
    expect(() => mechanism.privatize({ step: 0, sum: other })).toThrow(typed('BudgetExceeded'));
    mechanism.privatize({ step: 1, sum: empty(2) });
    expect(() => mechanism.privatize({ step: 0, sum: empty(2) })).toThrow(typed('BudgetExceeded'));
    expect(() => mechanism.privatize({ step: 2, sum: empty(2) })).toThrow(typed('BudgetExceeded'));
    expect(() => mechanism.draw(2)).toThrow(typed('BudgetExceeded'));
    expect(() => mechanism.draw(0.5)).toThrow(typed('InvalidConfig'));
  });

  it('refuses another sum of as many records under the same noise: it would reveal the difference', () => {
    const mechanism = openMechanism(plan, key);
    const sumOf = (...values: number[]) =>
      asClippedSum({ values: Float32Array.from(values), clippingNorm: 0.5, records: 1 });
    const first = mechanism.privatize({ step: 0, sum: sumOf(0.1, 0) });
    for (const other of [sumOf(0, 0.1), sumOf(0.1, 1e-6), sumOf(0.1, 0, 0)])
      expect(() => mechanism.privatize({ step: 0, sum: other })).toThrow(typed('BudgetExceeded'));
    expect(mechanism.privatize({ step: 0, sum: sumOf(0.1, 0) })).toEqual(first);
  });

  it('refuses sums of another clipping norm or of more records than were drawn', () => {
    const mechanism = openMechanism(plan, key);
    expect(() => mechanism.privatize({ step: 0, sum: empty(2, 1) })).toThrow(/clipped to 1/);
    const many = asClippedSum({ values: new Float32Array(2), clippingNorm: 0.5, records: 4000 });
    expect(() => mechanism.privatize({ step: 0, sum: many })).toThrow(/more records than were drawn/);
  });
});

describe('a mismatch cannot be written', () => {
  it('takes neither raw gradients, nor unclipped sums, nor plans that nothing proved', () => {
    const mechanism = openMechanism(plan, key);
    const unclipped = asUnclippedSum({ values: new Float32Array(2), records: 1 });
    // @ts-expect-error an unclipped sum is no argument of a private mechanism
    expect(() => mechanism.privatize({ step: 0, sum: unclipped })).toThrow(typed('InvalidConfig'));
    // @ts-expect-error nor is an array
    expect(() => mechanism.privatize({ step: 0, sum: new Float32Array(2) })).toThrow();
    const louder = { ...plan, noiseMultiplier: 0.1 };
    expect(() => openMechanism(louder, key)).toThrow(typed('InvalidConfig'));
    // @ts-expect-error plain data is no plan
    expect(() => openMechanism({ private: true, noiseMultiplier: 1 }, key)).toThrow(typed('InvalidConfig'));
    // @ts-expect-error a run without privacy has no epsilon to show as a number
    const epsilon: number = planWithoutPrivacy({ records: 100, expectedBatchSize: 10, steps: 1 }).epsilon;
    expect(epsilon).toBeNull();
    expect(() => Object.assign(plan, { noiseMultiplier: 0 })).toThrow(TypeError);
  });

  it('takes unclipped sums without privacy', () => {
    const mechanism = openMechanism(
      planWithoutPrivacy({ records: 100, expectedBatchSize: 10, steps: 1 }),
      key,
    );
    const sum = asUnclippedSum({ values: Float32Array.of(50, 0), records: 1 });
    expect(mechanism.privatize({ step: 0, sum }).tensors[0]).toEqual(Float32Array.of(5, 0));
  });

  it('never shows the key', () => {
    expect(JSON.stringify(key)).toBe('{}');
    expect(() => runKeyFromBytes(new Uint8Array(16))).toThrow(typed('InvalidConfig'));
  });

  it('accepts a plan back from JSON', () => {
    const back = reopenPlan(JSON.parse(JSON.stringify(plan)));
    expect(back).toEqual(plan);
    expect(openMechanism(back, key).draw(3)).toEqual(openMechanism(plan, key).draw(3));
  });
});
