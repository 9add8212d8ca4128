import { expect, test } from 'vitest';
import { rankAgreement } from './rank-agreement.ts';

const searched = (scores: (number | null)[]) =>
  scores.map((score, i) => ({ settings: { updates: i }, score }));
const agreement = (proxy: (number | null)[], truth: (number | null)[]) =>
  rankAgreement({ proxy: searched(proxy), truth: searched(truth) });

test('the same order agrees fully and loses nothing', () => {
  const scores = [0.5, 0.9, 0.7, 0.6, 0.8, 0.55, 0.52, 0.51];
  const values = agreement(
    scores.map((score) => score / 2),
    scores,
  );
  for (const key of ['rankBiasedOverlap', 'spearman', 'kendall'] as const)
    expect(values[key].value).toBeCloseTo(1, 12);
  expect(values.regret.value).toBe(0);
});

test('with two settings in opposite order, every measure is at its other extreme', () => {
  const { regret, ...rest } = agreement([0.4, 0.6], [0.9, 0.7]);
  expect(rest).toEqual({ rankBiasedOverlap: { value: 0 }, spearman: { value: -1 }, kendall: { value: -1 } });
  expect(regret.value).toBeCloseTo(0.2, 12);
});

test('if all settings tie, no correlation is defined and the regret is that of a random choice', () => {
  const values = agreement([0.5, 0.5], [0.9, 0.7]);
  expect(values.spearman).toEqual({ value: null, because: 'all scores of one ranking are equal' });
  expect(values.kendall.value).toBeNull();
  expect(values.regret.value).toBeCloseTo(0.1, 12);
});

test('a diverged setting ranks below all others, and no measure becomes NaN', () => {
  const values = agreement([null, 0.6, 0.7, null], [null, 0.8, 0.9, 0.5]);
  // By hand: five of six pairs agree, and the tie of the proxy is left out of its norm.
  expect(values.kendall.value).toBeCloseTo(5 / Math.sqrt(5 * 6), 12);
  expect(values.spearman.value).toBeCloseTo(Math.sqrt(0.9), 12);
  expect(values.regret.value).toBe(0);
});

test('a choice that diverges on real records costs the whole score', () => {
  expect(agreement([0.9, 0.5], [null, 0.8]).regret).toEqual({ value: 0.8 });
});

test('if every setting of one search diverged, nothing is defined', () => {
  const because = 'every setting of one search diverged';
  expect(Object.values(agreement([null, null], [0.5, 0.6]))).toEqual(Array(4).fill({ value: null, because }));
});
