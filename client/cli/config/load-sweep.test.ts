import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expandSweep } from '../../../schemas/sweep/expand-sweep.ts';
import { loadSweep } from './load-sweep.ts';

const experiment = {
  corpus: { source: 'mine.csv', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'news' },
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-sweep-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(sweep: object, checkFiles = false) {
  const path = join(folder, 'sweep.json');
  await writeFile(path, JSON.stringify({ experiment, ...sweep }));
  return loadSweep({ path, run: 's', checkFiles });
}

test('paths become absolute in every place, and catalog names stay', async () => {
  const sweep = await load({
    variants: [{ name: 'a' }, { name: 'b', set: { corpus: { source: 'other.csv' } } }],
    grid: { model: ['smollm2-135m', 'weights.gguf'] },
  });
  const { variants } = expandSweep({ input: sweep, run: 's' });
  expect(variants.map(({ config }) => [config.corpus.source, config.model])).toEqual([
    [resolve('mine.csv'), 'smollm2-135m'],
    [resolve('mine.csv'), resolve('weights.gguf')],
    [resolve('other.csv'), 'smollm2-135m'],
    [resolve('other.csv'), resolve('weights.gguf')],
  ]);
});

test('test sources become absolute in every place', async () => {
  const sweep = await load({
    variants: [{ name: 'a' }, { name: 'b', set: { corpus: { test: 'other.csv' } } }],
  });
  const grid = await load({ grid: { 'corpus.test': ['public.csv', { field: 'fold', value: 4 }] } });
  const testsOf = (input: typeof sweep) =>
    expandSweep({ input, run: 's' }).variants.map(({ config }) => config.corpus.test);
  expect(testsOf(sweep)).toEqual([undefined, resolve('other.csv')]);
  expect(testsOf(grid)).toEqual([resolve('public.csv'), { field: 'fold', value: 4 }]);
});

test('paths become absolute in the space of a search too, and its corners are checked', async () => {
  const search = {
    trials: 3,
    space: {
      model: { values: ['smollm2-135m', 'weights.gguf'] },
      'training.steps': { low: 1, high: 9, integer: true },
    },
  };
  const open = { ...experiment, corpus: { ...experiment.corpus, testSetIsPublic: true } };
  const sweep = await load({ experiment: open, search });
  expect(sweep.search?.space).toEqual({
    model: { values: ['smollm2-135m', resolve('weights.gguf')] },
    'training.steps': { low: 1, high: 9, integer: true },
  });
  await expect(load({ experiment: open, search }, true)).rejects.toThrow('mine.csv');
});

test('a missing file is reported with its variant', async () => {
  const corpus = { source: join(folder, 'sweep.json') };
  const variants = [{ name: 'good', set: { corpus } }, { name: 'lost' }];
  await expect(load({ variants }, true)).rejects.toMatchObject({
    type: 'InvalidData',
    message: expect.stringMatching(/Variant lost of the sweep: corpus\.source: there is no file .*mine\.csv/),
  });
});

test('an invalid sweep is refused before its parts are read', async () => {
  await expect(load({ experiment: 3 })).rejects.toMatchObject({ type: 'InvalidConfig' });
  await expect(load({ variants: 'all' })).rejects.toThrow('variants');
});
