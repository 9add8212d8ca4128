import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expandSweep } from '../../../schemas/sweep/expand-sweep.ts';
import { loadConfig } from './load-config.ts';
import { loadSweep } from './load-sweep.ts';

const lists = { a: ['on rain', 'on tea'], b: ['on war'] };
const experiment = {
  corpus: { source: 'wiki-topics', labels: ['a', 'b'] },
  template: {
    form: 'chat',
    instruction: 'Write {description} {attribute}.',
    descriptions: { a: 'x', b: 'y' },
    attributes: 'lists/mine.json',
  },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-lists-'));
  await mkdir(join(folder, 'lists'));
  await writeFile(join(folder, 'lists/mine.json'), JSON.stringify(lists));
  await writeFile(join(folder, 'lists/other.json'), JSON.stringify({ b: ['on peace'] }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(content: object): Promise<string> {
  const path = join(folder, 'given.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

test('a file of attributes is looked for beside the experiment, whose lists then stand in its place', async () => {
  const path = await write(experiment);
  const { template } = await loadConfig({ path, checkFiles: false });
  expect(template).toMatchObject({ attributes: lists });
});

test('a file that is not there is refused by its path, and lists of the wrong form by their field', async () => {
  const of = async (attributes: unknown) =>
    loadConfig({
      path: await write({ ...experiment, template: { ...experiment.template, attributes } }),
      checkFiles: false,
    });
  await expect(of('none.json')).rejects.toThrow(`There is no file ${join(folder, 'none.json')}`);
  await writeFile(join(folder, 'wrong.json'), '["on rain"]');
  await expect(of('wrong.json')).rejects.toThrow('must give a list of strings for each label');
});

test('files are read for every part of a sweep', async () => {
  const path = await write({
    experiment,
    variants: [{ name: 'mine' }, { name: 'other', set: { template: { attributes: 'lists/other.json' } } }],
  });
  const sweep = await loadSweep({ path, run: 's', checkFiles: false });
  const of = ({ variants }: ReturnType<typeof expandSweep>) =>
    variants.map(({ config: { template } }) => (template as { attributes: object }).attributes);
  expect(of(expandSweep({ input: sweep, run: 's' }))).toEqual([lists, { ...lists, b: ['on peace'] }]);
  const grid = { 'template.attributes': ['lists/mine.json', 'lists/other.json'] };
  const gridPath = await write({ experiment, grid });
  const inGrid = await loadSweep({ path: gridPath, run: 's', checkFiles: false });
  expect(of(expandSweep({ input: inGrid, run: 's' }))).toEqual([lists, { ...lists, b: ['on peace'] }]);
});
