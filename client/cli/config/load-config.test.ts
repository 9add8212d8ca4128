import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordRevision } from '../../../storage/assets/hub/hub-cache.ts';
import { parseHubName } from '../../../storage/assets/hub/hub-name.ts';
import { loadConfig } from './load-config.ts';

const experiment = {
  corpus: { source: 'wiki-topics', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'news' },
};
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-config-'));
  path = join(folder, 'experiment.json');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function load(content: unknown, checkFiles = false) {
  await writeFile(
    path,
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  );
  return loadConfig({ path, checkFiles });
}

test('a separate test source is resolved against the current folder like the corpus, and must exist', async () => {
  const of = (test: unknown) => ({ ...experiment, corpus: { ...experiment.corpus, test } });
  expect((await load(of('tests/public.csv'))).corpus.test).toBe(resolve('tests/public.csv'));
  expect((await load(of('sms-spam'))).corpus.test).toBe('sms-spam');
  expect((await load(of('s3://bucket/public.csv'))).corpus.test).toBe('s3://bucket/public.csv');
  expect((await load(of({ field: 'fold', value: 4 }), true)).corpus.test).toEqual({
    field: 'fold',
    value: 4,
  });
  await expect(load(of('tests/public.csv'), true)).rejects.toMatchObject({
    type: 'InvalidData',
    message: expect.stringContaining(`corpus.test: there is no file ${resolve('tests/public.csv')}`),
  });
  for (const test of ['', { field: 'fold' }, { field: '', value: 1 }, { field: 'fold', value: null }, 4])
    await expect(load(of(test))).rejects.toThrow('corpus.test');
});

test('broken JSON is refused with its line and column', async () => {
  const broken = '{\n  "name": "x",\n  "seed": oops\n}';
  await expect(load(broken)).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining('at line 3, column 11'),
  });
});

test('JSON that ends early points to its end', async () => {
  await expect(load('{\n"name":')).rejects.toThrow('at line 2, column 8');
});

test('an unknown field is refused with its path', async () => {
  const config = { ...experiment, privacy: { epsilon: 8, sigma: 1 } };
  await expect(load(config)).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringMatching(/sigma[\s\S]*privacy/),
  });
});

test('epsilon 0 is refused with its path', async () => {
  await expect(load({ ...experiment, privacy: { epsilon: 0 } })).rejects.toThrow('privacy.epsilon');
});

test('a missing file and a file that is not text are InvalidConfig', async () => {
  await expect(loadConfig({ path: join(folder, 'none.json'), checkFiles: false })).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining('There is no file'),
  });
  await expect(load(Uint8Array.of(0x7b, 0xff, 0x7d))).rejects.toThrow('not valid UTF-8');
});

test('catalog names stay and paths become absolute', async () => {
  expect((await load(experiment)).corpus.source).toBe('wiki-topics');
  const local = await load({ ...experiment, corpus: { ...experiment.corpus, source: 'data/mine.csv' } });
  expect(local.corpus.source).toBe(resolve('data/mine.csv'));
});

test("so do names of a classifier's encoder, and a missing folder is InvalidConfig", async () => {
  const kind = 'encoder';
  expect((await load({ ...experiment, classifier: { kind } })).classifier).toMatchObject({
    model: 'minilm-l6-v2',
  });
  const local = { ...experiment, classifier: { kind, model: 'mine/bert' } };
  expect((await load(local)).classifier).toMatchObject({ model: resolve('mine/bert') });
  await expect(load(local, true)).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining('classifier.model: there is no folder'),
  });
});

test('a branch of a hub model becomes the commit that was fetched here, so that a run records it', async () => {
  vi.stubEnv('XDG_CACHE_HOME', folder);
  const model = 'hub:org/tiny/tiny.gguf@main';
  await expect(load({ ...experiment, model })).rejects.toThrow(`dpsynth assets fetch ${model}`);
  const commit = 'c0ffee'.padEnd(40, '0');
  await recordRevision(parseHubName(model), commit);
  expect((await load({ ...experiment, model }, true)).model).toBe(`hub:org/tiny/tiny.gguf@${commit}`);
  expect((await load({ ...experiment, model: 'hub:org/tiny' })).model).toBe(`hub:org/tiny@${commit}`);
});

test('an experiment that is too large for a workflow is refused before anything starts', async () => {
  const labels = ['a', 'b'];
  const describedBy = (length: number) => ({
    corpus: { source: 'wiki-topics', labels },
    template: { form: 'chat', descriptions: { a: 'x'.repeat(length), b: 'y' } },
  });
  await expect(load(describedBy(2.5 * 2 ** 20))).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringMatching(
      /^\S+experiment\.json has 2\.5 MiB as JSON, but a workflow takes at most 1 MiB/,
    ),
  });
  expect((await load(describedBy(900_000))).corpus.labels).toEqual(labels);
});

test('a missing corpus is InvalidData, and the message lists the catalog', async () => {
  const config = { ...experiment, corpus: { ...experiment.corpus, source: join(folder, 'none.csv') } };
  await expect(load(config, true)).rejects.toMatchObject({
    type: 'InvalidData',
    message: expect.stringContaining('wiki-topics'),
  });
});
