import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './load-config.ts';
import { loadSweep } from './load-sweep.ts';

const experiment = {
  corpus: { source: 'wiki-topics', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'news' },
};
const grid = { 'privacy.epsilon': [1, 8] };
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-kind-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const asExperiment = () => loadConfig({ path, checkFiles: false });
const asSweep = () => loadSweep({ path, run: 's', checkFiles: false });
const write = (content: unknown) => writeFile(path, JSON.stringify(content));
const inOneLine = (says: string) => ({
  type: 'InvalidConfig',
  message: expect.stringMatching(new RegExp(`^\\S*settings.json is ${says}.*$`)),
});

test.each([
  ['variants', { variants: [{ name: 'x' }] }],
  ['grid', { grid }],
  ['search', { search: { trials: 3, space: {} } }],
])(
  'a sweep of %s in place of an experiment is told in one line, with the command for it',
  async (_, parts) => {
    await write({ experiment, ...parts });
    await expect(asExperiment()).rejects.toMatchObject(
      inOneLine('a sweep, not an experiment: `dpsynth sweep \\S*settings.json`'),
    );
  },
);

test('so is an experiment in place of a sweep', async () => {
  await write(experiment);
  await expect(asSweep()).rejects.toMatchObject(
    inOneLine('an experiment, not a sweep: `dpsynth run \\S*settings.json`'),
  );
});

test('so is a re-synthesis in place of either', async () => {
  await write({ release: 'weekly', experiment });
  for (const [load, kind] of [[asExperiment, 'an experiment'] as const, [asSweep, 'a sweep'] as const])
    await expect(load()).rejects.toMatchObject(
      inOneLine(`a re-synthesis, not ${kind}: \`dpsynth schedule create\``),
    );
});

test('settings of no known kind are left to the schema', async () => {
  await write({ grid });
  await expect(asExperiment()).rejects.toThrow('The experiment is not valid');
  await expect(asSweep()).rejects.toThrow('The sweep is not valid');
});
