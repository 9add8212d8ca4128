import { describe, expect, it } from 'vitest';
import { defaultDelta } from './delta.ts';
import { planMechanism, planWithoutPrivacy, reopenPlan } from './mechanism-plan.ts';

const params = { records: 4128, expectedBatchSize: 128, steps: 40, clippingNorm: 1, target: { epsilon: 8 } };
const refused = expect.objectContaining({ type: 'InvalidConfig' });

describe('planMechanism', () => {
  it('derives sampling rate, delta and noise, with epsilon at most the target and its RDP check', () => {
    const plan = planMechanism(params);
    expect(plan.samplingRate).toBe(128 / 4128);
    expect(plan.delta).toBe(1e-5);
    expect(plan.epsilon).toBeLessThanOrEqual(8);
    expect(plan.epsilon).toBeGreaterThan(7.99);
    expect(plan.epsilonRdp).toBeGreaterThanOrEqual(plan.epsilon);
  });

  it.each([
    { delta: 1 / 4128 },
    { delta: 0.01 },
    { delta: 0 },
    { delta: -1e-5 },
    { target: { epsilon: 0 } },
    { target: { epsilon: -1 } },
    { target: { noiseMultiplier: 0 } },
    { expectedBatchSize: 4129 },
    { expectedBatchSize: 0 },
    { steps: 1.5 },
    { clippingNorm: 0 },
    { clippingNorm: Number.POSITIVE_INFINITY },
    { records: 1 },
  ])('refuses %j', (change) => {
    expect(() => planMechanism({ ...params, ...change })).toThrow(refused);
  });

  it('charges other mechanisms to the same budget', () => {
    const otherParts = [{ samplingRate: 1, noiseMultiplier: 10, steps: 1 }];
    const plan = planMechanism({ ...params, target: { epsilon: 1 }, otherParts });
    expect(plan.epsilon).toBeLessThanOrEqual(1);
    expect(plan.noiseMultiplier).toBeGreaterThan(
      planMechanism({ ...params, target: { epsilon: 1 } }).noiseMultiplier,
    );
  });
});

describe('reopenPlan', () => {
  const json = JSON.stringify(planMechanism(params));
  const stored = () => JSON.parse(json);

  it.each([
    { epsilon: 1 },
    { noiseMultiplier: 1.7 },
    { steps: 39 },
    { records: 8000 },
    { samplingRate: 0.01 },
    { delta: 2e-5 },
    { delta: 0.1 },
    { epsilonRdp: 3 },
    { otherParts: [{ samplingRate: 1, noiseMultiplier: 1, steps: 1 }] },
    { accountant: 'trust-me' },
    { extra: 1 },
    { private: false },
  ])('refuses a plan tampered with: %j', (change) => {
    expect(() => reopenPlan({ ...stored(), ...change })).toThrow(refused);
  });

  it('refuses an adaptive plan tampered with, and keeps a proven one from being changed', () => {
    const adaptiveClipping = { quantile: 0.5, learningRate: 0.2 };
    const plan = planMechanism({ ...params, target: { noiseMultiplier: 1 }, adaptiveClipping });
    const copy = () => JSON.parse(JSON.stringify(plan));
    expect(reopenPlan(copy())).toEqual(plan);
    for (const change of [
      { gradientNoiseMultiplier: 0.5 },
      { gradientNoiseMultiplier: 1 },
      { countNoise: 1e6 },
      { countNoise: 0.4 },
      { quantile: 1 },
      { learningRate: 0 },
      { extra: 1 },
    ]) {
      const tampered = { ...copy(), adaptiveClipping: { ...copy().adaptiveClipping, ...change } };
      expect(() => reopenPlan(tampered), JSON.stringify(change)).toThrow(refused);
    }
    expect(() => Object.assign(plan.adaptiveClipping!, { gradientNoiseMultiplier: 0.1 })).toThrow(TypeError);
  });

  it('reads a plan of before clipping could be chosen as flat and fixed', () => {
    const { clipping: _, adaptiveClipping: __, ...old } = stored();
    expect(reopenPlan(old)).toMatchObject({ clipping: 'flat', adaptiveClipping: null });
  });

  it('accepts what was not touched, private or not', () => {
    expect(reopenPlan(stored())).toEqual(stored());
    const plain = JSON.parse(
      JSON.stringify(planWithoutPrivacy({ records: 10, expectedBatchSize: 5, steps: 3 })),
    );
    expect(reopenPlan(plain)).toEqual(plain);
    expect(() => reopenPlan({ ...plain, epsilon: 8 })).toThrow(refused);
  });
});

describe('defaultDelta', () => {
  it('is the smaller of n^-1.1 and 1e-5', () => {
    expect(defaultDelta(76)).toBe(1e-5);
    expect(defaultDelta(35_000)).toBe(1e-5);
    expect(defaultDelta(1_000_000) / 10 ** -6.6).toBeCloseTo(1, 12);
    expect(defaultDelta(2 ** 50)).toBeLessThan(2 ** -50 / 10);
    expect(() => defaultDelta(1)).toThrow(refused);
  });
});
