import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Measure } from '../measure.ts';
import { kendall } from './kendall.ts';
import { rankBiasedOverlap } from './rank-biased-overlap.ts';
import { averageRanks, competitionRanks } from './ranks.ts';
import { regret } from './regret.ts';
import { spearman } from './spearman.ts';

const reference = JSON.parse(
  readFileSync(new URL('../../../test/reference/metrics.json', import.meta.url), 'utf8'),
) as {
  rankings: { a: number[]; b: number[]; spearman: number; kendall: number }[];
  overlaps: { a: number[]; b: number[]; top: number; persistence: number; overlap: number }[];
};

const close = (measure: Measure, expected: number) => expect(measure.value).toBeCloseTo(expected, 12);

it('tied items share the mean or the first of their ranks', () => {
  expect(averageRanks([5, 9, 5, 1])).toEqual([2.5, 1, 2.5, 4]);
  expect(competitionRanks([5, 9, 5, 1])).toEqual([2, 1, 2, 4]);
});

describe('correlation', () => {
  it('equals scipy, with and without ties', () => {
    for (const { a, b, ...expected } of reference.rankings) {
      close(spearman(a, b), expected.spearman);
      close(kendall(a, b), expected.kendall);
    }
  });

  it('equals a computation by hand with one of three pairs exchanged', () => {
    close(spearman([3, 2, 1], [3, 1, 2]), 0.5);
    close(kendall([3, 2, 1], [3, 1, 2]), 1 / 3);
    close(spearman([1, 2, 3], [-1, -2, -3]), -1);
    // tau-b with one tie: two agreeing pairs divided by sqrt(3 * 2).
    close(kendall([1, 2, 3], [1, 2, 2]), 2 / Math.sqrt(6));
  });

  it('is not defined if one side cannot be ranked', () => {
    for (const measure of [spearman, kendall]) {
      expect(measure([1, 1], [1, 2])).toEqual({
        value: null,
        because: 'all scores of one ranking are equal',
      });
      expect(measure([1], [1]).value).toBeNull();
      expect(() => measure([1, 2], [1])).toThrow(RangeError);
    }
  });
});

describe('rank-biased overlap', () => {
  it('equals the rbo package, over all items and over the best', () => {
    for (const { overlap, ...params } of reference.overlaps) close(rankBiasedOverlap(params), overlap);
  });

  it('equals a computation by hand with agreement 1, 1/2, 1 at the depths 1, 2, 3', () => {
    const a = [30, 20, 10];
    const b = [30, 10, 20];
    close(rankBiasedOverlap({ a, b }), 0.9 ** 3 + (0.1 / 0.9) * (0.9 + 0.5 * 0.9 ** 2 + 0.9 ** 3));
    close(rankBiasedOverlap({ a, b, top: 1 / 3 }), 1);
    // The second of two items disagrees, so 1/2 is extrapolated from depth 2.
    close(rankBiasedOverlap({ a, b, top: 2 / 3 }), 0.5 * 0.81 + (0.1 / 0.9) * (0.9 + 0.5 * 0.81));
  });

  it('tied items are at the same depth', () => {
    // At depth 1 one list has two items and the other has one of them: 2 * 1 / 3. From depth 2 on they agree.
    close(
      rankBiasedOverlap({ a: [9, 9, 1], b: [9, 8, 1] }),
      0.9 ** 3 + (0.1 / 0.9) * ((2 / 3) * 0.9 + 0.81 + 0.9 ** 3),
    );
    close(rankBiasedOverlap({ a: [1, 1, 1], b: [1, 1, 1] }), 1);
  });

  it('is small for opposite rankings, and smaller at the top', () => {
    const a = Array.from({ length: 20 }, (_, i) => i);
    const b = a.map((score) => -score);
    close(rankBiasedOverlap({ a, b, top: 0.25 }), 0);
    expect(rankBiasedOverlap({ a, b }).value).toBeLessThan(0.4);
    close(rankBiasedOverlap({ a, b: a, top: 0.25 }), 1);
  });

  it('refuses a persistence or a share out of bounds; nothing to rank has no overlap', () => {
    expect(() => rankBiasedOverlap({ a: [1], b: [1], persistence: 1 })).toThrow(/persistence/);
    expect(() => rankBiasedOverlap({ a: [1], b: [1], top: 0 })).toThrow(/share/);
    expect(rankBiasedOverlap({ a: [], b: [] }).value).toBeNull();
  });
});

it('regret is what the choice of the proxy loses; the mean if several tie', () => {
  const truth = [0.9, 0.7, 0.8];
  close(regret({ truth, proxy: [0.5, 0.1, 0.4] }), 0);
  close(regret({ truth, proxy: [0.1, 0.5, 0.4] }), 0.2);
  close(regret({ truth, proxy: [0.1, 0.5, 0.5] }), 0.15);
  expect(regret({ truth: [], proxy: [] }).value).toBeNull();
});
