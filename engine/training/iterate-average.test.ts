import { describe, expect, it } from 'vitest';
import { averagedIterate, averageIterate, newIterateAverage } from './iterate-average.ts';

describe('iterate average', () => {
  it('of one iterate is that iterate, and of two weighs the later one more', () => {
    const average = newIterateAverage(1);
    averageIterate(average, Float32Array.of(2), 0.5);
    expect(averagedIterate(average, 0.5)[0]).toBeCloseTo(2, 6);
    averageIterate(average, Float32Array.of(5), 0.5);
    expect(averagedIterate(average, 0.5)[0]).toBeCloseTo(4, 6);
  });
});
