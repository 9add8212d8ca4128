import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deltaOf, epsilonOf } from './accountant.ts';
import { planTrainingAndSelection } from './composed-plan.ts';
import { planMechanism, reopenPlan } from './mechanism-plan.ts';
import { planSelection, planSelectionWithoutPrivacy, reopenSelectionPlan } from './selection-plan.ts';

const statistics = [
  { name: 'class-counts', weight: 4, releases: 1 },
  { name: 'head-gradient', weight: 96, releases: 15 },
] as const;
const refused = expect.objectContaining({ type: 'InvalidConfig' });

describe('planSelection', () => {
  it('gives each statistic its part of 1 / sigma squared, over all of its releases', () => {
    const plan = planSelection({ records: 5000, statistics, target: { noiseMultiplier: 4 } });
    const [counts, gradient] = plan.statistics;
    expect(counts).toMatchObject({ name: 'class-counts', share: 0.04, releases: 1 });
    expect(counts.noiseMultiplier).toBeCloseTo(4 / Math.sqrt(0.04), 12);
    expect(gradient.noiseMultiplier).toBeCloseTo(4 * Math.sqrt(15 / 0.96), 12);
  });

  it.each([
    [0.5, 1e-5],
    [1, 1e-5],
    [8, 1e-6],
  ])('costs epsilon %d at delta %d by the composition of all its releases', (epsilon, delta) => {
    const plan = planSelection({ records: 5000, statistics, delta, target: { epsilon } });
    const parts = plan.statistics.map(({ noiseMultiplier, releases }) => ({
      samplingRate: 1,
      noiseMultiplier,
      steps: releases,
    }));
    expect(epsilonOf({ parts, delta }) / plan.epsilon).toBeCloseTo(1, 6);
    expect(plan.epsilon).toBeLessThanOrEqual(epsilon);
    expect(plan.epsilon).toBeGreaterThan(epsilon * 0.999);
    // Balle and Wang 2018 (arXiv 1805.06530), theorem 8: delta of one Gaussian.
    const sigma = plan.noiseMultiplier;
    const exact =
      normalTail(plan.epsilon * sigma - 1 / (2 * sigma)) -
      Math.exp(plan.epsilon) * normalTail(plan.epsilon * sigma + 1 / (2 * sigma));
    expect(exact).toBeLessThanOrEqual(delta * (1 + 1e-6));
    expect(exact).toBeGreaterThan(delta * 0.99);
  });

  it('refuses no statistic, one planned twice, and weights and releases that are no numbers', () => {
    const plan = (requests: unknown) => () =>
      planSelection({ records: 100, statistics: requests as never, target: { noiseMultiplier: 1 } });
    expect(plan([])).toThrow(refused);
    expect(plan([statistics[0], statistics[0]])).toThrow(refused);
    expect(plan([{ ...statistics[0], weight: 0 }])).toThrow(refused);
    expect(plan([{ ...statistics[0], weight: Number.NaN }])).toThrow(refused);
    expect(plan([{ ...statistics[0], releases: 1.5 }])).toThrow(refused);
    expect(() =>
      planSelection({ records: 100, statistics, delta: 0.01, target: { noiseMultiplier: 1 } }),
    ).toThrow(refused);
  });
});

describe('reopenSelectionPlan', () => {
  const part = { samplingRate: 0.02, noiseMultiplier: 1.5, steps: 12 };
  const plan = planSelection({ records: 5000, statistics, target: { epsilon: 3 }, otherParts: [part] });
  const stored = () => JSON.parse(JSON.stringify(plan));

  it('accepts what was not touched, private or not', () => {
    expect(reopenSelectionPlan(stored())).toEqual(plan);
    const plain = planSelectionWithoutPrivacy({ records: 10, statistics });
    expect(reopenSelectionPlan(JSON.parse(JSON.stringify(plain)))).toEqual(plain);
  });

  it('refuses a plan that states another mechanism than it has', () => {
    const [counts, gradient] = plan.statistics;
    for (const change of [
      { epsilon: 1 },
      { epsilonRdp: 1 },
      { delta: 1e-9 },
      { noiseMultiplier: plan.noiseMultiplier * 1.01 },
      { noiseMultiplier: 0 },
      { otherParts: [] },
      { accountant: 'rdp' },
      { private: false },
      { statistics: [counts, { ...gradient, noiseMultiplier: gradient.noiseMultiplier * 0.99 }] },
      { statistics: [counts, { ...gradient, releases: 16 }] },
      { statistics: [counts] },
      { statistics: [{ ...counts, share: 0.5 }, gradient] },
      { statistics: [] },
      { extra: 1 },
    ])
      expect(() => reopenSelectionPlan({ ...stored(), ...change }), JSON.stringify(change)).toThrow(refused);
  });

  it('keeps a proven plan from being changed', () => {
    expect(() => Object.assign(plan, { epsilon: 1 })).toThrow(TypeError);
    expect(() => Object.assign(plan.statistics[0], { noiseMultiplier: 0.1 })).toThrow(TypeError);
    expect(() => Object.assign(plan.statistics, { 0: plan.statistics[1] })).toThrow(TypeError);
  });
});

describe('planTrainingAndSelection', () => {
  const training = { expectedBatchSize: 128, steps: 12, clippingNorm: 1 };
  const composed = (epsilon: number, change = {}) =>
    planTrainingAndSelection({ records: 7273, epsilon, training, statistics, ...change });
  const near = (value: number, expected: number) => expect(Math.abs(value - expected)).toBeLessThan(0.01);

  it.each([
    [1, 1.25, 1.08],
    [3, 1.25, 1.09],
    [8, 1.5, 1.1],
  ])(
    'composes almost free: at a total epsilon of %d statistics at %d times their own noise leave training %d times its own',
    (epsilon, ofSelection, ofTraining) => {
      const plan = composed(epsilon, { division: { selectionShare: ofSelection ** -2 } });
      expect(plan.selection.noiseMultiplier / plan.alone.selection).toBeCloseTo(ofSelection, 9);
      near(plan.training!.noiseMultiplier / plan.alone.training!, ofTraining);
    },
  );

  it.each([1, 8])('lets training have 1.1 times its own noise by default: epsilon %d', (epsilon) => {
    const { training: trained, selection, alone } = composed(epsilon);
    expect(trained!.noiseMultiplier / alone.training!).toBeCloseTo(1.1, 9);
    expect(alone.training).toBe(
      planMechanism({ ...training, records: 7273, target: { epsilon } }).noiseMultiplier,
    );
    expect(selection.noiseMultiplier / alone.selection).toBeLessThan(1.55);
  });

  it.each(['pld', 'rdp'] as const)('states the loss of both together in both plans, by %s', (accountant) => {
    const { training: trained, selection } = composed(3, { accountant });
    const parts = [
      { samplingRate: 128 / 7273, noiseMultiplier: trained!.noiseMultiplier, steps: 12 },
      { samplingRate: 1, noiseMultiplier: selection.noiseMultiplier, steps: 1 },
    ];
    expect(trained!.otherParts).toEqual([parts[1]]);
    expect(selection.otherParts).toEqual([parts[0]]);
    expect(selection.epsilon).toBe(trained!.epsilon);
    expect(selection).toMatchObject({ delta: 1e-5, accountant });
    expect(epsilonOf({ parts, delta: 1e-5, accountant })).toBe(selection.epsilon);
    expect(selection.epsilon).toBeLessThanOrEqual(3);
    expect(selection.epsilon).toBeGreaterThan(2.99);
    expect(deltaOf({ parts, epsilon: 3 })).toBeLessThanOrEqual(1e-5);
    expect(reopenPlan(JSON.parse(JSON.stringify(trained)))).toEqual(trained);
    expect(reopenSelectionPlan(JSON.parse(JSON.stringify(selection)))).toEqual(selection);
  });

  it('agrees with a peer on a subsampled and a plain Gaussian together', () => {
    const file = new URL('../../test/reference/composition.json', import.meta.url);
    const [{ parts, delta, epsilon_pld: epsilon }] = JSON.parse(readFileSync(file, 'utf8'));
    const [{ n, batch, steps, sigma }, plain] = parts;
    const plan = planTrainingAndSelection({
      ...{ records: n, epsilon, delta, statistics },
      training: { expectedBatchSize: batch, steps, clippingNorm: 1 },
      // Alone, the peer's Gaussian of sigma 10 would be one of the share (alone / 10)^2.
      division: {
        selectionShare:
          (planSelection({ records: n, statistics, delta, target: { epsilon } }).noiseMultiplier /
            plain.sigma) **
          2,
      },
    });
    expect(plan.selection.noiseMultiplier).toBeCloseTo(plain.sigma, 9);
    expect(plan.training!.noiseMultiplier / sigma).toBeCloseTo(1, 3);
  });

  it('gives a run without training the whole budget', () => {
    const { training: none, selection, alone } = composed(1, { training: null });
    expect(none).toBeNull();
    expect(selection.noiseMultiplier).toBe(alone.selection);
    expect(selection).toMatchObject({ otherParts: [], delta: 1e-5 });
  });

  it('refuses a division that leaves one of them nothing', () => {
    for (const division of [
      { trainingNoiseFactor: 1 },
      { trainingNoiseFactor: Number.POSITIVE_INFINITY },
      { selectionShare: 0 },
      { selectionShare: 1 },
    ])
      expect(() => composed(1, { division }), JSON.stringify(division)).toThrow(refused);
  });
});

/** P(N(0,1) > z), by Simpson's rule on the tail: relative accuracy about 1e-10. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const [width, count] = [12, 4000];
  let sum = 0;
  for (let k = 0; k <= count; k += 1) {
    const x = (k * width) / count;
    sum += Math.exp(-(x * x) / 2 - x * z) * (k === 0 || k === count ? 1 : k % 2 === 1 ? 4 : 2);
  }
  return ((sum * width) / count / 3 / Math.sqrt(2 * Math.PI)) * Math.exp((-z * z) / 2);
}
