import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../schemas/experiment.ts';
import type { ComputeJob, PreparedCorpus } from '../schemas/jobs.ts';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { createFileStore } from '../storage/file-store.ts';
import { createFinetune } from './finetune.ts';
import { createPrepare } from './prepare.ts';

let root: string;
let store: ArtifactStore;
let jobs: ComputeJob[];
let version: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-cache-'));
  store = createFileStore({ root });
  jobs = [];
  version = 'one';
  await writeFile(corpus(), 'text,label\nx,a\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const corpus = () => join(root, 'corpus.csv');
const configOf = (change: Partial<ExperimentInput> = {}) =>
  parseExperiment({
    corpus: { source: corpus(), labels: ['a', 'b'] },
    template: { form: 'chat', descriptions: { a: 'x', b: 'y' } },
    ...change,
  });

const put = (key: string) =>
  store.put({ area: 'private', key, body: key, mediaType: 'application/jsonl', replace: true });

/** Returns dependencies whose jobs write an artifact and are counted. */
const deps = () => ({
  store,
  runJob: async ({ job }: { job: ComputeJob }) => {
    jobs.push(job);
    const ref = await put(`${job.run}/${job.kind}.jsonl`);
    const made =
      job.kind === 'prepare'
        ? { train: ref, test: ref, records: 9, testRecords: 3, units: '0'.repeat(32) }
        : { adapter: ref, diagnostics: ref, steps: 1, trainableParameters: 1 };
    return { result: made as never, cost: { seconds: 1, peakRssBytes: 1 } };
  },
  countTrainableParameters: async () => 1,
  countTokens: async ({ texts }: { texts: readonly string[] }) => texts.map((text) => text.length),
  jobVersion: async () => version,
  codeVersion: 'test',
});

const inContext = <I, O>(activity: (input: I) => Promise<O>, input: I): Promise<O> =>
  new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity, input) as Promise<O>;

const prepare = (run: string, change?: Partial<ExperimentInput>): Promise<PreparedCorpus> =>
  inContext(createPrepare(deps()), { run, config: configOf(change) });

describe('the step cache', () => {
  it('returns the result of an earlier run without the work, and names that run', async () => {
    const first = await prepare('first');
    const second = await prepare('second', { training: { steps: 3 }, privacy: { epsilon: 1 } });
    expect(second).toEqual({ ...first, cachedFrom: 'first' });
    expect(jobs).toHaveLength(1);
    // Names the run that made the result, not one that reused it.
    expect((await prepare('third')).cachedFrom).toBe('first');
  });

  it.each<[string, () => Promise<unknown>, Partial<ExperimentInput>?]>([
    ['a setting of the step changes', async () => {}, { seed: 2 }],
    ['the corpus changes', () => writeFile(corpus(), 'text,label\nz,a\n')],
    ['the code changes', async () => (version = 'two')],
    ['an artifact of the result is gone', () => rm(join(root, 'private/first'), { recursive: true })],
    [
      'an artifact of the result was changed',
      () => writeFile(join(root, 'private/first/prepare.jsonl'), 'first/prepare.jsonX'),
    ],
    ['it is off', async () => {}, { cache: 'off' }],
    ['it is set to refresh', async () => {}, { cache: 'refresh' }],
  ])('does not when %s', async (_why, happens, change) => {
    await prepare('first');
    await happens();
    expect(await prepare('second', change)).not.toHaveProperty('cachedFrom');
    expect(jobs).toHaveLength(2);
  });

  it('stores refreshed results for later runs, but stores nothing when it is off', async () => {
    await prepare('off', { cache: 'off' });
    await prepare('first');
    await prepare('anew', { cache: 'refresh' });
    expect((await prepare('later')).cachedFrom).toBe('anew');
  });

  it('makes concurrent runs wait for the first one', async () => {
    const results = await Promise.all(['a', 'b', 'c'].map((run) => prepare(run)));
    expect(jobs).toHaveLength(1);
    expect(results.filter(({ cachedFrom }) => cachedFrom === jobs[0].run)).toHaveLength(2);
  });

  it('finds a training by what determines its gradients: physical batches and checkpoints do not', async () => {
    const train = await put('corpus/train.jsonl');
    const finetune = (run: string, change: { training?: object; template?: object }, microBatch = 4) =>
      inContext(createFinetune(deps()), {
        run,
        config: configOf(change as Partial<ExperimentInput>),
        train,
        plan: PLAN,
        microBatch,
      });
    await finetune('first', {});
    const cut = { microBatch: 2, checkpointEvery: 9, recompute: 'on' };
    expect((await finetune('second', { training: cut }, 2)).cachedFrom).toBe('first');
    expect(await finetune('third', { training: { steps: 17 } })).not.toHaveProperty('cachedFrom');
    const template = { form: 'chat', descriptions: { a: 'x', b: 'other' } };
    expect(await finetune('fourth', { template })).not.toHaveProperty('cachedFrom');
  });
});

const PLAN = {
  private: false,
  records: 9,
  expectedBatchSize: 3,
  samplingRate: 1 / 3,
  steps: 1,
  clippingNorm: null,
  noiseMultiplier: 0,
  delta: null,
  epsilon: null,
} as const;
