import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wasObserved } from '../../../activities/ledger/was-observed.ts';
import { parseRecords } from '../../../engine/data/records-file.ts';
import { ErrorType } from '../../../schemas/errors.ts';
import { jobResultSchemas, type Progress } from '../../../schemas/jobs.ts';
import { predictionsSchema, scoreRowSchema } from '../../../schemas/scores.ts';
import { classifierSchema } from '../../../schemas/settings/classifier.ts';
import { corpusSchema } from '../../../schemas/settings/corpus.ts';
import { createFileStore } from '../../../storage/file-store.ts';
import type { JobContext } from '../job-context.ts';
import { runClassify } from './classify.ts';
import { runMajority } from './majority.ts';
import { runPrepare } from './prepare.ts';

let folder: string;
let context: JobContext;
let progress: Progress[];
const stopping = () => new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-jobs-'));
  progress = [];
  context = {
    store: createFileStore({ root: join(folder, 'store') }),
    onProgress: (one) => progress.push(one),
    signal: stopping().signal,
  };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const base = { store: 'unused', run: 'run-1', seed: 1 };
const sms = { source: 'sms-spam', labels: ['ham', 'spam'] };

const prepare = (corpus: { source: string; labels: string[] }) =>
  runPrepare({ kind: 'prepare', ...base, corpus: corpusSchema.parse(corpus) }, context);

const prepareCsv = async (rows: string[], header = 'text,label') => {
  const source = join(folder, 'corpus.csv');
  await writeFile(source, [header, ...rows].join('\n'));
  return prepare({ source, labels: ['a', 'b'] });
};

const messages = (count: number) => Array.from({ length: count }, (_, i) => `text ${i},${i % 2 ? 'a' : 'b'}`);

test('prepare writes train, test and counts under private/ and gives their sizes', async () => {
  const result = await prepareCsv([...messages(100), 'TEXT  1,a', 'left out,c', ' ,a']);
  expect(jobResultSchemas.prepare.parse(result)).toEqual(result);
  expect(result.records + result.testRecords).toBe(100);
  expect(result.train.uri).toMatch(/private\/run-1\/train\.jsonl$/);
  expect(parseRecords(await context.store.read(result.train), 'train')).toHaveLength(result.records);
  const diagnostics = await context.store.readKey({ area: 'private', key: 'run-1/prepare-diagnostics.json' });
  expect(JSON.parse(diagnostics!.toString())).toMatchObject({
    read: 103,
    duplicates: 1,
    otherLabels: 1,
    empty: 1,
  });
  expect(await context.store.list({ area: 'release', key: 'run-1' })).toEqual([]);
});

test.each([
  ['a corpus of 10 rows', messages(10), 'text,label', 'a DP corpus needs at least 50'],
  ['a missing label column', messages(90), 'text,kind', 'no column label among 2 columns'],
  [
    'one class only',
    messages(90).map((row) => row.replace(/b$/, 'a')),
    'text,label',
    'fewer than two of the labels',
  ],
  ['empty texts', messages(90).map((row) => row.replace(/^[^,]*/, '')), 'text,label', 'are empty'],
])('%s is refused and leaves nothing half-written', async (_, rows, header, message) => {
  await expect(prepareCsv(rows, header)).rejects.toMatchObject({
    type: ErrorType.InvalidData,
    message: expect.stringContaining(message),
  });
  expect(await readdir(folder)).toEqual(['corpus.csv']);
});

test('a source that is no corpus is refused before it is read', async () => {
  await expect(prepare({ source: 'smollm2-135m', labels: ['a', 'b'] })).rejects.toThrow(
    'unknown kind of file',
  );
  await expect(prepare({ source: join(folder, 'absent.csv'), labels: ['a', 'b'] })).rejects.toMatchObject({
    type: ErrorType.InvalidConfig,
  });
});

test('the catalog datasets have the sizes that their descriptions say', async () => {
  const counts = async () => {
    const bytes = await context.store.readKey({ area: 'private', key: 'run-1/prepare-diagnostics.json' });
    await rm(join(folder, 'store'), { recursive: true });
    return JSON.parse(bytes!.toString());
  };
  await prepare(sms);
  const spam = await counts();
  expect(spam).toMatchObject({ read: 5574, empty: 0 });
  expect(spam.read - spam.duplicates).toBe(5159);

  await prepare({ source: 'tweet-sentiment', labels: ['negative', 'neutral', 'positive'] });
  const tweets = await counts();
  // Read in Python as well: 33,204 undamaged rows, 32,268 unlike ones.
  expect(tweets.read).toBe(33_204);
  expect(tweets.read - tweets.duplicates - tweets.empty).toBe(32_268);

  await prepare({ source: 'wiki-topics', labels: ['Mathematics', 'Arts'] });
  expect(await counts()).toMatchObject({ read: 10_033, otherLabels: 10_033 - 256 - 668 });
});

const evaluation = { bootstrap: 200, confidence: 0.95 };
const classifier = classifierSchema.parse({ filters: 30, updates: 10, maxTokens: 24, seeds: 2 });

/** Every message of a label of `sms-spam` up to a count: as small as the test allows. */
async function balancedSms(each = { train: 150, test: 100 }) {
  const { train, test: held } = await prepare(sms);
  const pick = async (ref: typeof train, count: number, name: string) => {
    const records = parseRecords(await context.store.read(ref), name);
    const chosen = sms.labels.flatMap((label) =>
      records.filter((one) => one.label === label).slice(0, count),
    );
    const body = chosen.map((record) => `${JSON.stringify(record)}\n`).join('');
    return context.store.put({
      area: 'private',
      key: `run-1/${name}.jsonl`,
      body,
      mediaType: 'application/jsonl',
    });
  };
  return {
    train: await pick(train, each.train, 'some-train'),
    test: await pick(held, each.test, 'some-test'),
  };
}

test('with the real model: a classifier tells spam from ham, majority does not, and progress counts updates', async () => {
  const { train, test: held } = await balancedSms();
  const classified = await runClassify(
    {
      kind: 'classify',
      ...base,
      source: 'real',
      model: 'smollm2-135m',
      labels: sms.labels,
      train: [train],
      test: held,
      classifier,
      evaluation,
    },
    context,
  );
  expect(jobResultSchemas.classify.parse(classified)).toEqual(classified);
  const row = scoreRowSchema.parse(JSON.parse((await context.store.read(classified.row)).toString()));
  expect(classified.row.uri).toMatch(/private\/run-1\/scores\/real\.json$/);
  expect(row.trainingRecords).toBe(300);
  const kept = await context.store.read(classified.predictions!);
  const { truth, runs } = predictionsSchema.parse(JSON.parse(kept.toString()));
  expect(classified.predictions!.uri).toMatch(/private\/run-1\/scores\/real\.predictions\.json$/);
  const right = runs.map(({ predicted }) => predicted.filter((label, i) => label === truth[i]).length);
  expect(right.map((count) => count / 200)).toEqual(row.seeds.map(({ metrics }) => metrics.accuracy));
  expect(new Set(row.seeds.map(({ seed }) => seed)).size).toBe(2);
  expect(row.mean.balancedAccuracy).toBeGreaterThan(0.8);
  expect(progress).toEqual(
    Array.from({ length: 20 }, (_, i) => ({ phase: 'classify real', step: i + 1, of: 20 })),
  );

  const baseline = await runMajority(
    { kind: 'majority', ...base, labels: sms.labels, train, test: held, evaluation },
    context,
  );
  const majority = scoreRowSchema.parse(JSON.parse((await context.store.read(baseline.row)).toString()));
  expect(majority.mean).toMatchObject({ accuracy: 0.5, balancedAccuracy: 0.5 });
}, 30_000);

test.each([
  ['linear', { kind: 'linear', dp: { expectedBatchSize: 150, updates: 30, learningRate: 0.2 } }],
  [
    'WordCNN',
    {
      widths: [3],
      filters: 30,
      maxTokens: 24,
      dp: { expectedBatchSize: 150, updates: 20, learningRate: 0.01 },
    },
  ],
  [
    'the head of MiniLM',
    {
      kind: 'encoder',
      maxTokens: 24,
      dp: { expectedBatchSize: 150, updates: 20, learningRate: 0.05 },
    },
  ],
])(
  '%s trained on real messages with DP at epsilon 8 beats majority, and states what it spends',
  async (_, given) => {
    const { train, test: held } = await balancedSms();
    const job = {
      kind: 'classify' as const,
      ...base,
      source: 'real-dp' as const,
      model: 'smollm2-135m',
      labels: sms.labels,
      train: [train],
      test: held,
      classifier: classifierSchema.parse({ ...given, seeds: 2 }),
      evaluation,
    };
    const privacy = { epsilon: 8, accountant: 'pld' as const };
    const classified = await runClassify({ ...job, privacy }, context);
    const row = scoreRowSchema.parse(JSON.parse((await context.store.read(classified.row)).toString()));
    expect(row.mean.balancedAccuracy).toBeGreaterThan(0.7);
    expect(row.privacy!.plan).toMatchObject({
      private: true,
      records: 300,
      samplingRate: 0.5,
      delta: 1e-5,
    });
    expect(row.privacy!.plan.epsilon).toBeLessThanOrEqual(8);
    expect(row.privacy!.epsilonOfSeeds).toBeGreaterThan(8);
    // An attempt after a crash is the same release; another run of the same settings is another one.
    const predictions = async (run: string) => {
      const { predictions } = await runClassify({ ...job, run, privacy }, context);
      return (await context.store.read(predictions!)).toString();
    };
    expect(await predictions(job.run)).toBe((await context.store.read(classified.predictions!)).toString());
    expect(await predictions('another-run')).not.toBe(await predictions(job.run));
    // Every file that it leaves is a trace, so that its budget is not refunded.
    const left = await context.store.list({ area: 'private', key: 'another-run' });
    const traces = left.filter((key) => key !== 'another-run/run.key');
    expect(traces).toHaveLength(2);
    for (const key of traces) {
      const of = { store: { ...context.store, list: async () => [key] }, run: 'another-run' };
      expect(await wasObserved({ ...of, stage: 'classify-real-dp' }), key).toBe(true);
    }
    await expect(
      runClassify({ ...job, privacy: { ...privacy, epsilon: 'none' } }, context),
    ).rejects.toMatchObject({
      type: ErrorType.InvalidConfig,
    });
  },
  120_000,
);

test('MiniLM with its last block fine-tuned on real messages beats majority', async () => {
  const { train, test: held } = await balancedSms({ train: 40, test: 30 });
  const classified = await runClassify(
    {
      kind: 'classify',
      ...base,
      source: 'real',
      model: 'smollm2-135m',
      labels: sms.labels,
      train: [train],
      test: held,
      classifier: classifierSchema.parse({
        kind: 'encoder',
        trained: { lastBlocks: 1 },
        maxTokens: 16,
        updates: 6,
        batch: 16,
        seeds: 1,
      }),
      evaluation,
    },
    context,
  );
  const row = scoreRowSchema.parse(JSON.parse((await context.store.read(classified.row)).toString()));
  expect(row.mean.balancedAccuracy).toBeGreaterThan(0.65);
  expect(progress.at(-1)).toEqual({ phase: 'classify real', step: 6, of: 6 });
}, 120_000);

test('an encoder that was not fetched is AssetUnavailable, with the command that fetches it', async () => {
  const { train, test: held } = await balancedSms({ train: 40, test: 30 });
  vi.stubEnv('XDG_CACHE_HOME', folder);
  const job = {
    kind: 'classify' as const,
    ...base,
    source: 'real' as const,
    model: 'smollm2-135m',
    labels: sms.labels,
    train: [train],
    test: held,
    classifier: classifierSchema.parse({ kind: 'encoder' }),
    evaluation,
  };
  await expect(runClassify(job, context)).rejects.toMatchObject({
    type: ErrorType.AssetUnavailable,
    message: expect.stringContaining('dpsynth assets fetch minilm-l6-v2'),
  });
});

test('an abort ends classification with Interrupted and without a score', async () => {
  const { train, test: held } = await balancedSms();
  const stop = stopping();
  const job = {
    kind: 'classify' as const,
    ...base,
    source: 'synthetic' as const,
    model: 'smollm2-135m',
    labels: sms.labels,
    train: [train],
    test: held,
    classifier: classifierSchema.parse({ ...classifier, embedding: 'random' }),
    evaluation,
  };
  const onProgress = () => stop.abort();
  await expect(runClassify(job, { ...context, onProgress, signal: stop.signal })).rejects.toMatchObject({
    type: ErrorType.Interrupted,
  });
  expect(await context.store.list({ area: 'private', key: 'run-1/scores' })).toEqual([]);
}, 30_000);
