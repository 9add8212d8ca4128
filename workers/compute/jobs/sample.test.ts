import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseRecords } from '../../../engine/data/records-file.ts';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { textCountsSchema } from '../../../schemas/text-counts.ts';
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
  const { result } = await run(name, changes);
  return parseRecords(await context.store.read(result.corpus), 'the sample');
}

async function run(name: string, changes: object = {}, shard = 0, pool?: true) {
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
  const result = await runSample({ kind: 'sample', ...job, shard, ...(pool && { pool }) }, context);
  const counts = textCountsSchema.parse(JSON.parse(String(await context.store.read(result.counts!))));
  return { result, counts };
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

const varied = {
  template: {
    form: 'chat',
    instruction: 'Write {description} about {attribute}.',
    descriptions: { pos: 'a good review', neg: 'a bad review' },
    attributes: { pos: ['tea', 'rain', 'a train'], neg: ['soup', 'a shoe'] },
    plainShare: 0.25,
  },
};
const sampling = { records: 24, shards: 1, maxTokens: 6, batch: 24 };

test('the text of a record with an attribute is the same in any number of shards and any batch', async () => {
  const whole = await sample('run-seed-date', { ...varied, sampling });
  const parts = [];
  for (const shard of [0, 1, 2]) {
    const changes = { ...varied, sampling: { ...sampling, shards: 3, batch: 5 } };
    const { result } = await run('run-seed-date', changes, shard);
    parts.push(...parseRecords(await context.store.read(result.corpus), 'the sample'));
  }
  expect(parts).toEqual(whole);
  const { attributes: _, plainShare: _s, ...plain } = varied.template;
  const others = { template: { ...plain, instruction: 'Write {description}.' }, sampling };
  expect(await sample('run-seed-date', others)).not.toEqual(whole);
});

test('removed texts are written anew from other randomness, and every text is counted', async () => {
  // At temperature 0 all texts of a prompt are equal: one of each label stays, and writing them anew
  // does not help.
  const cold = { ...sampling, temperature: 0, filter: { retries: 1 } };
  const { counts } = await run('run-seed-date', { sampling: cold });
  expect(counts.asked).toBe(24);
  expect(counts.kept).toBeLessThanOrEqual(2);
  expect(counts.removed.duplicate + counts.removed.empty).toBe(counts.drawn - counts.kept);
  expect(counts.drawn).toBe(24 + (24 - counts.kept));
  const short = { ...sampling, maxTokens: 1, records: 200 };
  const once = await run('run-seed-date', { sampling: { ...short, filter: { retries: 0 } } });
  const again = await run('run-seed-date', { sampling: { ...short, filter: { retries: 3 } } });
  expect(once.counts.removed.duplicate).toBeGreaterThan(0);
  expect(again.counts.kept).toBeGreaterThan(once.counts.kept);
  expect(again.counts.drawn).toBeGreaterThan(once.counts.drawn);
});

test('the texts and counts of a pool are kept apart from those of the base model', async () => {
  const { result } = await run('run-seed-date', { sampling }, 0, true);
  expect(result.corpus.uri).toMatch(/run-1\/pool\/00000\.jsonl$/);
  expect(result.counts?.uri).toMatch(/run-1\/pool\/00000\.counts\.json$/);
});

test('texts that the model ends itself are counted; without a filter nothing is removed', async () => {
  const { counts } = await run('run-seed-date', { sampling: { ...sampling, maxTokens: 1, minTokens: 1 } });
  expect(counts).toMatchObject({ asked: 24, drawn: 24, kept: 24, ended: 0, shortened: 0 });
  expect(Object.values(counts.removed)).toEqual([0, 0, 0, 0]);
});
