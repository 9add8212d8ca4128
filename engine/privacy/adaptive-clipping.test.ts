import { describe, expect, it } from 'vitest';
import { accountantSchema } from '../../schemas/privacy.ts';
import { deltaOf, epsilonOf } from './accountant.ts';
import { nextClippingNorm } from './adaptive-clipping.ts';
import { asClippedSum } from './clipping.ts';
import { openMechanism, type PrivateMechanism } from './mechanism.ts';
import { planMechanism } from './mechanism-plan.ts';
import { noiseScaleTest } from './noise-scale.fixture.ts';
import { runKeyFromBytes } from './run-key.ts';

const key = runKeyFromBytes(new Uint8Array(32).fill(3));
const refused = expect.objectContaining({ type: 'InvalidConfig' });

function planOf(
  params: { quantile?: number; learningRate?: number; countNoise?: number; steps?: number } = {},
) {
  const { quantile = 0.5, learningRate = 0.2, countNoise, steps = 200 } = params;
  return planMechanism({
    records: 2000,
    expectedBatchSize: 100,
    steps,
    clippingNorm: 0.1,
    adaptiveClipping: { quantile, learningRate, countNoise },
    target: { noiseMultiplier: 1.1 },
  });
}

/** Of `records` records without gradient, or of none. */
const empty = (mechanism: PrivateMechanism, length = 1, records = 0) =>
  asClippedSum({
    values: new Float32Array(length),
    clippingNorm: mechanism.clippingNorm,
    records,
    norms: new Float32Array(records),
  });

/** The sum of one-dimensional gradients, gradient r of length norms(r). */
function clippedSum(mechanism: PrivateMechanism, step: number, normOf: (record: number) => number) {
  const { clippingNorm } = mechanism;
  const norms = Array.from(mechanism.draw(step), normOf);
  const sum = norms.reduce((total, norm) => total + Math.min(norm, clippingNorm), 0);
  return asClippedSum({ values: Float32Array.of(sum), clippingNorm, records: norms.length, norms });
}

describe('gradient and count together', () => {
  const { noiseMultiplier, adaptiveClipping } = planOf({ countNoise: 0.8 });
  const { gradientNoiseMultiplier, countNoise } = adaptiveClipping!;

  it('costs what two Gaussian mechanisms cost together, one on the gradient and one on the count', () => {
    const plan = planMechanism({
      records: 100,
      expectedBatchSize: 100,
      steps: 7,
      clippingNorm: 1,
      adaptiveClipping: { quantile: 0.5, learningRate: 0.2, countNoise },
      target: { noiseMultiplier },
    });
    for (const accountant of accountantSchema.options) {
      const parts = [gradientNoiseMultiplier, 2 * countNoise].map((sigma) => ({
        samplingRate: 1,
        noiseMultiplier: sigma,
        steps: 7,
      }));
      const composed = epsilonOf({ parts, delta: plan.delta, accountant });
      const stated = accountant === 'pld' ? plan.epsilon : plan.epsilonRdp;
      expect(Math.abs(composed / stated - 1)).toBeLessThan(1e-3);
    }
    expect(gradientNoiseMultiplier).toBeGreaterThan(1.3 * noiseMultiplier);
  });

  it('costs as much where both come from one Poisson draw: an integral over the plane', () => {
    const q = 0.05;
    const shift = [1 / gradientNoiseMultiplier, 1 / (2 * countNoise)];
    const density = (x: number, y: number) => Math.exp(-(x * x + y * y) / 2) / (2 * Math.PI);
    const [step, reach] = [0.02, 8];
    let [delta, epsilon] = [0, 0.05];
    for (let x = -reach; x < reach; x += step)
      for (let y = -reach; y < reach; y += step) {
        const without = density(x, y);
        const withRecord = (1 - q) * without + q * density(x - shift[0], y - shift[1]);
        delta += Math.max(0, withRecord - Math.exp(epsilon) * without) * step * step;
      }
    const charged = deltaOf({ parts: [{ samplingRate: q, noiseMultiplier, steps: 1 }], epsilon });
    expect(delta).toBeGreaterThan(1e-4);
    expect(Math.abs(charged / delta - 1)).toBeLessThan(2e-3);
  });

  it('is refused where the count alone costs more than a step may', () => {
    expect(() => planOf({ countNoise: 0.55 })).toThrow(refused);
    expect(() => planOf({ countNoise: 0.56 })).not.toThrow();
  });
});

describe('the clipping norm', () => {
  it.each([0.3, 0.5, 0.8])('comes to the %d quantile of the norms', (quantile) => {
    const mechanism = openMechanism(planOf({ quantile }), key);
    let [sum, count] = [0, 0];
    for (let step = 0; step < 200; step++) {
      // Norms are uniform on (0, 4).
      const values = clippedSum(mechanism, step, (record) => (4 * (record + 0.5)) / 2000);
      mechanism.privatize({ step, sum: values });
      if (step >= 80) {
        sum += mechanism.clippingNorm;
        count++;
      }
    }
    expect(Math.abs(sum / count / (4 * quantile) - 1)).toBeLessThan(0.06);
  });

  it('takes a step by hand: 30 of 40 records within the norm', () => {
    const plan = { quantile: 0.5, learningRate: 0.2, countNoise: 5, gradientNoiseMultiplier: 1 };
    const shared = { clippingNorm: 2, within: 30, records: 40, expectedBatchSize: 50, plan };
    // 30 / 2 - 10 / 2 = 10 of 50 is 0.2 above a half.
    expect(nextClippingNorm({ ...shared, noise: 0 })).toBeCloseTo(2 * Math.exp(-0.2 * 0.2), 12);
    expect(nextClippingNorm({ ...shared, noise: -2 })).toBeCloseTo(2, 12);
  });

  it('stays when it is not adaptive', () => {
    const plan = planMechanism({
      records: 100,
      expectedBatchSize: 50,
      steps: 1,
      clippingNorm: 0.5,
      target: { noiseMultiplier: 1 },
    });
    const mechanism = openMechanism(plan, key);
    mechanism.privatize({ step: 0, sum: empty(mechanism, 1, 5) });
    expect(mechanism.clippingNorm).toBe(0.5);
    expect(mechanism.digests()).not.toHaveProperty('clippingNorm');
  });
});

describe('the noise', () => {
  it('on the gradient follows the norm: a factor of 1.1 fails, after an empty draw as well', () => {
    const plan = planOf({ countNoise: 0.8, learningRate: 3 });
    const mechanism = openMechanism(plan, key);
    for (let step = 0; step < 3; step++) {
      const expected = (plan.adaptiveClipping!.gradientNoiseMultiplier * mechanism.clippingNorm) / 100;
      const { tensors, noiseDeviation } = mechanism.privatize({
        step,
        sum: empty(mechanism, 20_000, step === 1 ? 30 : 0),
      });
      expect(noiseDeviation).toBeCloseTo(expected, 12);
      for (const factor of [1, 1.1, 1 / 1.1])
        expect(noiseScaleTest(tensors[0], expected * factor).passed).toBe(factor === 1);
    }
    expect(Math.abs(Math.log(mechanism.clippingNorm / 0.1))).toBeGreaterThan(0.3);
  });

  it('on the count has the planned deviation, and nothing in common with that on the gradient', () => {
    const plan = planOf({ countNoise: 6, learningRate: 0.01, steps: 2500 });
    const mechanism = openMechanism(plan, key);
    let common = 0;
    const counts = Array.from({ length: plan.steps }, (_, step) => {
      const before = mechanism.clippingNorm;
      const { tensors, noiseDeviation } = mechanism.privatize({ step, sum: empty(mechanism) });
      const count = (-Math.log(mechanism.clippingNorm / before) / 0.01) * 100;
      common += (tensors[0][0] / noiseDeviation) * (count / 6);
      return count;
    });
    for (const factor of [1, 1.1, 1 / 1.1])
      expect(noiseScaleTest(counts, 6 * factor).passed).toBe(factor === 1);
    expect(Math.abs(common)).toBeLessThan(5 * Math.sqrt(plan.steps));
  });
});

describe('steps', () => {
  it('go on from a checkpoint with the same norms and the same noise', () => {
    const plan = planOf();
    const whole = openMechanism(plan, key);
    const stopped = openMechanism(plan, key);
    const normOf = (record: number) => (record % 10) / 5;
    for (let step = 0; step < 3; step++) {
      whole.privatize({ step, sum: clippedSum(whole, step, normOf) });
      stopped.privatize({ step, sum: clippedSum(stopped, step, normOf) });
    }
    const resumed = openMechanism(plan, key, JSON.parse(JSON.stringify(stopped.digests())));
    expect(resumed.clippingNorm).toBe(whole.clippingNorm);
    expect(resumed.clippingNorm).not.toBe(0.1);
    for (let step = 3; step < 6; step++)
      expect(resumed.privatize({ step, sum: clippedSum(resumed, step, normOf) })).toEqual(
        whole.privatize({ step, sum: clippedSum(whole, step, normOf) }),
      );
    expect(resumed.digests()).toEqual(whole.digests());
  });

  it('are noised once: a repetition gives the same result, another count is refused', () => {
    const mechanism = openMechanism(planOf(), key);
    const sum = empty(mechanism, 4, 10);
    const first = mechanism.privatize({ step: 0, sum });
    const after = mechanism.digests();
    expect(after.clippingNorm).not.toBe(0.1);
    expect(mechanism.privatize({ step: 0, sum })).toEqual(first);
    expect(mechanism.digests()).toEqual(after);
    const norms = [...new Array(9).fill(0), 1];
    const other = asClippedSum({ values: sum.values, clippingNorm: 0.1, records: 10, norms });
    expect(() => mechanism.privatize({ step: 0, sum: other })).toThrow(
      expect.objectContaining({ type: 'BudgetExceeded' }),
    );
  });

  it('refuse a sum of an earlier norm, one without norms, and a checkpoint of another kind of plan', () => {
    const plan = planOf();
    const mechanism = openMechanism(plan, key);
    const early = empty(mechanism);
    const { clippingNorm } = mechanism;
    const uncounted = asClippedSum({ values: new Float32Array(1), clippingNorm, records: 0 });
    expect(() => mechanism.privatize({ step: 0, sum: uncounted })).toThrow(/within the norm/);
    mechanism.privatize({ step: 0, sum: early });
    expect(() => mechanism.privatize({ step: 1, sum: early })).toThrow(/clipped to 0.1/);
    const { clippingNorm: _, ...without } = mechanism.digests();
    expect(() => openMechanism(plan, key, without)).toThrow(refused);
    const fixed = planMechanism({ ...plan, adaptiveClipping: null, target: { noiseMultiplier: 1.1 } });
    expect(() => openMechanism(fixed, key, mechanism.digests())).toThrow(refused);
  });
});
