import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatRecords, RECORDS_MEDIA_TYPE } from '../../../engine/data/records-file.ts';
import { ErrorType } from '../../../schemas/errors.ts';
import { type TriedSettings, tuningSearchSchema } from '../../../schemas/evaluations/tuning.ts';
import { type JobOf, jobResultSchemas, type Progress } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { scoreRowSchema } from '../../../schemas/scores.ts';
import { classifierSchema } from '../../../schemas/settings/classifier.ts';
import { createFileStore } from '../../../storage/file-store.ts';
import type { JobContext } from '../job-context.ts';
import { runClassify } from './classify.ts';
import { runTune } from './tune.ts';

let folder: string;
let context: JobContext;
let progress: Progress[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-tune-'));
  progress = [];
  context = {
    store: createFileStore({ root: join(folder, 'store') }),
    onProgress: (one) => progress.push(one),
    signal: new AbortController().signal,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LABELS = ['ham', 'spam', 'news'];
const WORDS: Record<string, string> = { ham: 'see you at', spam: 'win cash now', news: 'the minister said' };
const corpus = (counts: Record<string, number>, from = 0): LabelledText[] =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => ({ text: `${WORDS[label]} ${from + i}`, label })),
  );
const put = (name: string, records: LabelledText[]) =>
  context.store.put({
    area: 'private',
    key: `run-1/${name}.jsonl`,
    body: formatRecords(records),
    mediaType: RECORDS_MEDIA_TYPE,
  });

const classifier = classifierSchema.parse({ kind: 'linear', buckets: 512, updates: 20, batch: 16, seeds: 2 });
const common = { store: 'unused', run: 'run-1', model: 'smollm2-135m', labels: LABELS, classifier, seed: 7 };
const settings: TriedSettings[] = [
  { updates: 1, learningRate: 1e-6 },
  { updates: 30 },
  { learningRate: 1e39, updates: 3 },
];

const tune = async (job: Pick<JobOf<'tune'>, 'source' | 'train' | 'scoredOn'>) => {
  const result = await runTune({ kind: 'tune', ...common, settings, ...job }, context);
  expect(jobResultSchemas.tune.parse(result)).toEqual(result);
  expect(result.search.uri).toMatch(new RegExp(`private/run-1/tuning/${job.source}\\.json$`));
  return tuningSearchSchema.parse(JSON.parse((await context.store.read(result.search)).toString()));
};

test('on synthetic texts in two shards: a part of each label is held out, and the first of the best classifiers is chosen', async () => {
  const train = [await put('a', corpus({ ham: 20, spam: 20 })), await put('b', corpus({ news: 20 }))];
  const search = await tune({ source: 'synthetic', train, scoredOn: { heldOutFraction: 0.25 } });
  expect(search).toMatchObject({ trainingRecords: 45, scoredRecords: 15 });
  expect(search.searched.map((one) => one.settings)).toEqual(settings);
  expect(search.searched[1].score).toBe(1);
  expect(search.best).toBe(search.searched.findIndex(({ score }) => score === 1));
  // Diverged: it has no score, and the others keep theirs.
  expect(search.searched[2].score).toBeNull();
  expect(progress.every(({ phase, of }) => phase === 'tune on synthetic' && of === 3)).toBe(true);
});

test('a label with one text is trained on and missing where settings are scored: the score is of the others', async () => {
  const train = [await put('a', corpus({ ham: 20, spam: 20, news: 1 }))];
  const search = await tune({ source: 'synthetic', train, scoredOn: { heldOutFraction: 0.5 } });
  expect(search).toMatchObject({ trainingRecords: 21, scoredRecords: 20 });
  expect(search.searched[1].score).toBeGreaterThan(0.9);
});

test('on real records the test set is scored; two searches differ in their seed alone', async () => {
  const train = [await put('train', corpus({ ham: 30, spam: 20, news: 10 }))];
  const test = await put('test', corpus({ ham: 9, spam: 9, news: 9 }, 900));
  const real = await tune({ source: 'real', train, scoredOn: { test } });
  const again = await tune({ source: 'real-again', train, scoredOn: { test } });
  expect(real.seed).not.toBe(again.seed);
  for (const search of [real, again]) {
    expect(search).toMatchObject({ trainingRecords: 60, scoredRecords: 27 });
    expect(search.searched[1].score).toBeGreaterThan(0.9);
  }
});

test('nothing to hold out is refused in words; an abort leaves no search', async () => {
  const train = [await put('a', corpus({ ham: 1, spam: 1 }))];
  const job = { source: 'synthetic' as const, scoredOn: { heldOutFraction: 0.2 } };
  await expect(tune({ ...job, train })).rejects.toMatchObject({
    type: ErrorType.InvalidData,
    message: expect.stringContaining('validationFraction'),
  });
  const more = [await put('b', corpus({ ham: 20, spam: 20 }))];
  const stop = new AbortController();
  context = { ...context, signal: stop.signal, onProgress: () => stop.abort() };
  await expect(tune({ ...job, train: more })).rejects.toMatchObject({ type: ErrorType.Interrupted });
  expect(await context.store.list({ area: 'private', key: 'run-1/tuning' })).toEqual([]);
});

test('a share of the corpus is a row of its own, beside that of all', async () => {
  const train = [await put('a', corpus({ ham: 40, spam: 20, news: 20 }))];
  const test = await put('test', corpus({ ham: 9, spam: 9, news: 9 }, 900));
  const evaluation = { bootstrap: 100, confidence: 0.95 };
  const job = { kind: 'classify' as const, ...common, source: 'synthetic' as const, train, test, evaluation };
  const row = async (share?: number) => {
    const { row: ref } = await runClassify({ ...job, ...(share ? { share } : {}) }, context);
    return { ref, row: scoreRowSchema.parse(JSON.parse((await context.store.read(ref)).toString())) };
  };
  const [quarter, whole] = [await row(0.25), await row()];
  expect(quarter.ref.uri).toMatch(/scores\/synthetic-0\.25\.json$/);
  expect([quarter.row.trainingRecords, whole.row.trainingRecords]).toEqual([20, 80]);
  expect(quarter.row.seeds).toHaveLength(2);
  expect(quarter.row.intervals.balancedAccuracy).not.toBeNull();
});
