import { describe, expect, it } from 'vitest';
import { learningRateAt } from './learning-rate.ts';

describe('learningRateAt', () => {
  const rates = (decay: 'constant' | 'linear' | 'cosine', warmupSteps: number) =>
    Array.from({ length: 6 }, (_, step) =>
      learningRateAt({ schedule: { peak: 1, warmupSteps, decay }, step, steps: 6 }),
    );

  it('warms up linearly, then stays or falls', () => {
    expect(rates('constant', 2)).toEqual([0.5, 1, 1, 1, 1, 1]);
    expect(rates('linear', 2)).toEqual([0.5, 1, 1, 0.75, 0.5, 0.25]);
    expect(rates('cosine', 2)[4]).toBeCloseTo(0.5, 12);
    expect(rates('linear', 0)[0]).toBe(1);
    expect(rates('constant', 9).at(-1)).toBeCloseTo(6 / 9, 12);
  });
});
