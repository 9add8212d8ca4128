import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseRecords } from '../../../engine/data/records-file.ts';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { createFileStore } from '../../../storage/file-store.ts';
import type { JobContext } from '../job-context.ts';
import { runSample } from './sample.ts';

const CASES = 'test/cases';
let folder: string;
let context: JobContext;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-sample-'));
  context = {
    store: createFileStore({ root: join(folder, 'store') }),
    onProgress: () => {},
    signal: new AbortController().signal,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function sample(name: string, changes: object = {}) {
  const input = JSON.parse(await readFile(join(CASES, `${name}.json`), 'utf8'));
  const { seed, template, sampling, training, corpus } = parseExperiment({ ...input, ...changes });
  const { precision } = training;
  const { labels } = corpus;
  const model = join(CASES, 'models/qwen3-inline');
  const job = {
    store: 'unused',
    run: 'run-1',
    model,
    template,
    labels,
    sampling,
    precision,
    seed,
    adapter: null,
  };
  const result = await runSample({ kind: 'sample', ...job, shard: 0 }, context);
  return parseRecords(await context.store.read(result.corpus), 'the sample');
}

test.each([1, 2 ** 21, 20260101, Number.MAX_SAFE_INTEGER])(
  'with the seed %d no two texts are of one stream of randomness',
  async (seed) => {
    const texts = await sample('run-seed-date', { seed });
    expect(texts).toHaveLength(24);
    expect(new Set(texts.map(({ text }) => text)).size).toBe(24);
  },
);

test('labels named like what every object has get the texts that they are due', async () => {
  const texts = await sample('run-proto-sampling');
  expect(texts).toHaveLength(24);
  expect(new Set(texts.map(({ label }) => label))).toEqual(new Set(['plain']));
});

test('descriptions with dollar signs are sampled from', async () => {
  expect(await sample('run-dollar')).toHaveLength(24);
});
