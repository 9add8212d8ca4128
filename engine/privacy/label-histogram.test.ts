import { describe, expect, it } from 'vitest';
import { epsilonOf } from './accountant.ts';
import { labelHistogramPart, privateLabelProportions } from './label-histogram.ts';
import { noiseScaleTest } from './noise-scale.fixture.ts';
import { runKeyFromBytes } from './run-key.ts';

const runKey = runKeyFromBytes(new Uint8Array(32).fill(1));

describe('privateLabelProportions', () => {
  it('is near the truth for large counts, sums to 1, and is repeatable', () => {
    const params = { counts: [9000, 1000, 0], noiseMultiplier: 10, runKey };
    const proportions = privateLabelProportions(params);
    expect(proportions[0]).toBeCloseTo(0.9, 2);
    expect(proportions.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(privateLabelProportions(params)).toEqual(proportions);
    expect(proportions).not.toEqual([0.9, 0.1, 0]);
  });

  it('has noise of the planned deviation on every count: a test that a factor of 1.1 fails', () => {
    const labels = 4000;
    const counts = Array.from({ length: labels }, () => 10_000);
    const proportions = privateLabelProportions({ counts, noiseMultiplier: 50, runKey });
    // The mean count is known to within 50 / sqrt(4000), a hundredth of the deviation.
    const noise = proportions.map((proportion) => proportion * labels * 10_000 - 10_000);
    expect(noiseScaleTest(noise, 50).passed).toBe(true);
    expect(noiseScaleTest(noise, 55).passed).toBe(false);
    expect(noiseScaleTest(noise, 45).passed).toBe(false);
  });

  it('is uniform when noise leaves nothing', () => {
    const proportions = privateLabelProportions({ counts: [-1e6, -1e6], noiseMultiplier: 10, runKey });
    expect(proportions).toEqual([0.5, 0.5]);
  });

  it('costs little beside a run at epsilon 1', () => {
    const run = { samplingRate: 1024 / 25_000, noiseMultiplier: 2.528, steps: 244 };
    expect(epsilonOf({ parts: [run, labelHistogramPart(10)], delta: 1.5e-5 })).toBeCloseTo(1.068, 3);
  });
});
