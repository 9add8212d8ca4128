import { describe, expect, it } from 'vitest';
import { adamUpdate, newAdamState } from './adam.ts';
import { averagedIterate, averageIterate, newIterateAverage } from './iterate-average.ts';
import { learningRateAt } from './learning-rate.ts';

describe('adamUpdate', () => {
  it('makes two hand-computed steps', () => {
    const parameters = Float32Array.of(1, -2);
    const state = newAdamState(2);
    adamUpdate({ parameters, gradient: Float32Array.of(0.5, -4), state, learningRate: 0.1 });
    // The first corrected step is the sign of the gradient.
    expect(parameters[0]).toBeCloseTo(0.9, 6);
    expect(parameters[1]).toBeCloseTo(-1.9, 6);
    adamUpdate({ parameters, gradient: Float32Array.of(-0.25, -4), state, learningRate: 0.1 });
    // m = 0.9 * 0.05 - 0.1 * 0.25 = 0.02, over 0.19; v = 0.999 * 2.5e-4 + 6.25e-5 = 3.1225e-4, over 0.001999.
    expect(parameters[0]).toBeCloseTo(0.9 - (0.1 * (0.02 / 0.19)) / Math.sqrt(3.1225e-4 / 0.001999), 6);
    expect(parameters[1]).toBeCloseTo(-1.8, 6);
    expect(state.step).toBe(2);
  });

  it('refuses a gradient of another length', () => {
    const update = () =>
      adamUpdate({
        parameters: new Float32Array(2),
        gradient: new Float32Array(3),
        state: newAdamState(2),
        learningRate: 1,
      });
    expect(update).toThrow(expect.objectContaining({ type: 'InvalidConfig' }));
  });
});

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

describe('iterate average', () => {
  it('of one iterate is that iterate, and of two weighs the later one more', () => {
    const average = newIterateAverage(1);
    averageIterate(average, Float32Array.of(2), 0.5);
    expect(averagedIterate(average, 0.5)[0]).toBeCloseTo(2, 6);
    averageIterate(average, Float32Array.of(5), 0.5);
    expect(averagedIterate(average, 0.5)[0]).toBeCloseTo(4, 6);
  });
});
