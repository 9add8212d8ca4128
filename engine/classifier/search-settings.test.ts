import { expect, test } from 'vitest';
import { DpsynthError, invalidData } from '../../schemas/errors.ts';
import { classifierSchema, type LinearConfig } from '../../schemas/settings/classifier.ts';
import { classifyRuns } from './classify-runs.ts';
import { gridSettings, randomSettings, searchSettings } from './search-settings.ts';

const space = { learningRate: [0.1, 0.01], updates: [5, 10, 20] };

test('a grid has every combination once', () => {
  expect(gridSettings(space)).toEqual([
    { learningRate: 0.1, updates: 5 },
    { learningRate: 0.1, updates: 10 },
    { learningRate: 0.1, updates: 20 },
    { learningRate: 0.01, updates: 5 },
    { learningRate: 0.01, updates: 10 },
    { learningRate: 0.01, updates: 20 },
  ]);
});

test('a random search takes distinct combinations of the grid, the same for the same seed', () => {
  const of = (seed: number, count = 4) => randomSettings({ space, count, seed });
  const keys = of(1).map((one) => JSON.stringify(one));
  expect(new Set(keys).size).toBe(4);
  expect(of(1)).toEqual(of(1));
  expect([2, 3, 4].some((seed) => JSON.stringify(of(seed)) !== JSON.stringify(of(1)))).toBe(true);
  expect(of(1, 99)).toHaveLength(6);
});

test('scores stay in the order of the settings; the ranking is best first with diverged settings last', async () => {
  const scores = [0.2, Number.NaN, 0.9, 0.2, null];
  const { searched, ranking } = await searchSettings({
    settings: ['a', 'b', 'c', 'd', 'e'],
    trainAndScore: async (_, index) => {
      const score = scores[index];
      if (score === null) throw new DpsynthError({ type: 'NumericalFailure', message: 'diverged' });
      return score;
    },
  });
  expect(searched.map(({ settings, score }) => [settings, score])).toEqual([
    ['a', 0.2],
    ['b', null],
    ['c', 0.9],
    ['d', 0.2],
    ['e', null],
  ]);
  expect(ranking).toEqual([2, 0, 3, 1, 4]);
});

test('any other error ends the search', async () => {
  const trainAndScore = () => Promise.reject(invalidData('nothing to train on'));
  await expect(searchSettings({ settings: [1], trainAndScore })).rejects.toThrow('nothing to train on');
});

test('prefers a trained classifier to one that is hardly trained', async () => {
  const texts = Array.from({ length: 60 }, (_, i) => ({
    text: i % 3 === 0 ? `buy ${i} now` : `see you at ${i}`,
    label: i % 3 === 0 ? 'spam' : 'ham',
  }));
  const config = classifierSchema.parse({ kind: 'linear', buckets: 512 }) as LinearConfig;
  const { ranking } = await searchSettings({
    settings: gridSettings({ learningRate: [1e-6, 0.1], updates: [15] }),
    async trainAndScore(settings) {
      const { truth, runs } = await classifyRuns({
        train: texts.slice(0, 40),
        test: texts.slice(40),
        labels: ['spam', 'ham'],
        encoder: { encode: () => [], vocabularySize: 1 },
        config: { ...config, ...settings },
        seeds: [1],
      });
      return runs[0].predicted.filter((label, i) => label === truth[i]).length / truth.length;
    },
  });
  expect(ranking).toEqual([1, 0]);
});
