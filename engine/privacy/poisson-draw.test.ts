import { describe, expect, it } from 'vitest';
import { openKeystream } from './keystream.ts';
import { openMechanism } from './mechanism.ts';
import { planMechanism } from './mechanism-plan.ts';
import { poissonDraw } from './poisson-draw.ts';
import { runKeyFromBytes } from './run-key.ts';

const runKey = runKeyFromBytes(new Uint8Array(32).fill(3));

describe('poissonDraw', () => {
  it.each([
    [0.5, 1],
    [0.1, 1],
    [0.01, 16],
  ])('takes records at rate %d: a rate that is 2%% off fails', (samplingRate, steps) => {
    const records = 1_000_000;
    let drawn = 0;
    for (let step = 0; step < steps; step++)
      drawn += poissonDraw(openKeystream({ runKey, purpose: 'draw', step }), {
        records,
        samplingRate,
      }).length;
    const expected = records * steps * samplingRate;
    const deviation = Math.sqrt(expected * (1 - samplingRate));
    expect(Math.abs(drawn - expected)).toBeLessThan(4 * deviation);
    expect(0.02 * expected).toBeGreaterThan(6 * deviation);
  });

  it('compares with the rate rounded down: what is accounted is never below what is drawn', () => {
    const threshold = Math.floor(0.1 * 2 ** 53);
    expect(threshold).toBeLessThan(0.1 * 2 ** 53);
    const uniforms = [0, threshold - 1, threshold, threshold + 1, 2 ** 53 - 1];
    const keystream = { fillUniform53: (target: Float64Array) => target.set(uniforms) };
    expect([...poissonDraw(keystream, { records: 5, samplingRate: 0.1 })]).toEqual([0, 1]);
    expect([...poissonDraw(keystream, { records: 5, samplingRate: 1 })]).toEqual([0, 1, 2, 3, 4]);
  });
});

it('the mechanism draws at the rate that its plan accounts for', () => {
  const plan = planMechanism({
    records: 1_000_000,
    expectedBatchSize: 100_000,
    steps: 2,
    clippingNorm: 1,
    target: { noiseMultiplier: 3 },
  });
  const mechanism = openMechanism(plan, runKey);
  const drawn = mechanism.draw(0).length + mechanism.draw(1).length;
  // Binomial(2 000 000, 0.1): a rate that is 2% off is more than nine standard deviations away.
  expect(Math.abs(drawn - 200_000)).toBeLessThan(4 * Math.sqrt(180_000));
});
