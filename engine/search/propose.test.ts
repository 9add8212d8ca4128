import { describe, expect, it } from 'vitest';
import type { JudgedTrial, SearchSpace } from '../../schemas/sweep/search.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { drawValue, fromUnit, toUnit } from './dimension.ts';
import { parzen } from './parzen.ts';
import { proposeTrial } from './propose.ts';

const log = { low: 1e-4, high: 1, scale: 'log', integer: false } as const;
const steps = { low: 3, high: 6, scale: 'linear', integer: true } as const;

describe('a range', () => {
  it('maps every value to the unit interval and back', () => {
    for (const unit of [0, 0.25, 0.5, 1]) expect(toUnit(log, fromUnit(log, unit))).toBeCloseTo(unit, 4);
    expect(fromUnit(log, 0.5)).toBeCloseTo(0.01, 6);
    expect(toUnit(steps, 3)).toBe(0.125);
    expect([0, 0.3, 1].map((unit) => fromUnit(steps, unit))).toEqual([3, 4, 6]);
  });

  it('gives all whole numbers equal chances, including the ends', () => {
    const random = seededRandom(3);
    const counts = new Map<unknown, number>();
    for (let i = 0; i < 8000; i++) {
      const value = drawValue(steps, random);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([3, 4, 5, 6]);
    // Five standard deviations of a binomial count.
    for (const count of counts.values())
      expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(8000 * 0.1875));
  });
});

it('a Parzen estimate is a density and draws according to it', () => {
  const { draw, logDensity } = parzen([0.1, 0.12, 0.9]);
  const cells = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  const mass = (from: number, to: number) =>
    cells.filter((at) => at >= from && at < to).reduce((sum, at) => sum + Math.exp(logDensity(at)), 0) / 1000;
  expect(mass(0, 1)).toBeCloseTo(1, 4);
  const random = seededRandom(5);
  const draws = Array.from({ length: 20_000 }, () => draw(random));
  for (const [from, to] of [
    [0, 0.2],
    [0.2, 0.6],
    [0.6, 1],
  ] as const) {
    const share = draws.filter((at) => at >= from && at < to).length / draws.length;
    expect(Math.abs(share - mass(from, to))).toBeLessThan(0.02);
  }
});

/** Searches for the minimum of a function and returns the best value found. */
function search(params: {
  method: 'random' | 'tpe';
  space: SearchSpace;
  seed: number;
  trials: number;
  loss: (values: Record<string, unknown>) => number;
}): number {
  const { method, space, seed, loss } = params;
  const trials: JudgedTrial[] = [];
  for (let index = 0; index < params.trials; index++) {
    const values = proposeTrial({ search: { method, space, seed }, maximize: false, index, trials });
    trials.push({ values, score: loss(values) });
  }
  return Math.min(...trials.map(({ score }) => score!));
}

const uniform = (low: number, high: number) => ({ low, high, scale: 'linear', integer: false }) as const;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const FUNCTIONS = {
  // Global minimum 0.397887 at three points.
  branin: {
    space: { x: uniform(-5, 10), y: uniform(0, 15) },
    loss: ({ x, y }: Record<string, unknown>) => {
      const [a, b] = [x as number, y as number];
      return (
        (b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2 +
        10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) +
        10 -
        0.397887
      );
    },
  },
  'a mixed space': {
    space: {
      rate: log,
      depth: { low: 1, high: 32, scale: 'linear', integer: true } as const,
      kind: { values: ['a', 'b', 'c', 'd'] },
    },
    loss: ({ rate, depth, kind }: Record<string, unknown>) =>
      (Math.log10(rate as number) + 2) ** 2 + (((depth as number) - 20) / 10) ** 2 + (kind === 'c' ? 0 : 0.5),
  },
};

describe('proposeTrial', () => {
  it.each(Object.entries(FUNCTIONS))(
    'finds a smaller value of %s than random search, as the median of 15 seeds',
    (_name, { space, loss }) => {
      const run = (method: 'random' | 'tpe') =>
        median(Array.from({ length: 15 }, (_, seed) => search({ method, space, seed, trials: 60, loss })));
      expect(run('tpe')).toBeLessThan(0.6 * run('random'));
    },
  );

  it('proposes the same values for the same seed and trials, and different ones otherwise', () => {
    const { space, loss } = FUNCTIONS['a mixed space'];
    const trials = Array.from({ length: 12 }, (_, index) => {
      const values = proposeTrial({
        search: { method: 'random', space, seed: 1 },
        maximize: false,
        index,
        trials: [],
      });
      return { values, score: loss(values) };
    });
    const propose = (seed: number, index: number) =>
      proposeTrial({ search: { method: 'tpe', space, seed }, maximize: false, index, trials });
    expect(propose(1, 12)).toEqual(propose(1, 12));
    expect(propose(2, 12)).not.toEqual(propose(1, 12));
    expect(propose(1, 13)).not.toEqual(propose(1, 12));
  });

  it('maximises if higher is better, and avoids values without a score', () => {
    const space = { x: uniform(0, 1) };
    const at = (x: number, score: number | null) => ({ values: { x }, score });
    const line = Array.from({ length: 40 }, (_, i) => at(i / 40, i));
    const mean = (maximize: boolean, trials: JudgedTrial[]) =>
      Array.from({ length: 40 }, (_, index) =>
        proposeTrial({ search: { method: 'tpe', space, seed: 1 }, maximize, index: 100 + index, trials }),
      ).reduce((sum, { x }) => sum + (x as number) / 40, 0);
    expect(mean(true, line)).toBeGreaterThan(0.8);
    expect(mean(false, line)).toBeLessThan(0.2);
    const failed = Array.from({ length: 40 }, (_, i) => at(0.9 + i / 400, null));
    expect(mean(true, [...line, ...failed])).toBeLessThan(mean(true, line));
  });

  it('accepts lists and objects as values', () => {
    const values = [{ method: 'lora', rank: 4 }, { method: 'prompt' }];
    const trials = Array.from({ length: 20 }, (_, i) => ({
      values: { adapter: values[i % 2] },
      score: i % 2,
    }));
    const proposed = Array.from({ length: 20 }, (_, index) =>
      proposeTrial({
        search: { method: 'tpe', space: { adapter: { values } }, seed: 1 },
        maximize: true,
        index,
        trials,
      }),
    );
    expect(proposed.every(({ adapter }) => adapter === values[1])).toBe(true);
  });
});
