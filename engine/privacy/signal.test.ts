import { describe, expect, it } from 'vitest';
import { assessSignal, noiseToClippingRatio } from './signal.ts';

describe('assessSignal', () => {
  it('gives the ratio sigma sqrt(d) / (q n)', () => {
    expect(
      noiseToClippingRatio({ noiseMultiplier: 0.41, dimensions: 230_400, expectedBatchSize: 128 }),
    ).toBeCloseTo(1.5375, 4);
  });

  it('calls clear what worked (1.5 over 16 steps), and drowned what failed (5.4 over 20)', () => {
    const works = { noiseMultiplier: 0.41, dimensions: 230_400, expectedBatchSize: 128, steps: 16 };
    expect(assessSignal(works)).toMatchObject({ verdict: 'clear', advice: [] });
    const fails = assessSignal({
      noiseMultiplier: 0.446,
      dimensions: 2_400_000,
      expectedBatchSize: 128,
      steps: 20,
    });
    expect(fails.noiseToClippingRatio).toBeCloseTo(5.4, 1);
    expect(fails.verdict).toBe('drowned');
    expect(fails.advice[0]).toMatch(/fewer trainable parameters/);
  });

  it('lets a longer run stand more noise', () => {
    const plan = { noiseMultiplier: 0.446, dimensions: 2_400_000, expectedBatchSize: 128 };
    expect(assessSignal({ ...plan, steps: 400 }).verdict).toBe('clear');
  });
});
