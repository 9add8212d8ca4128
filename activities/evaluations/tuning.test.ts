import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ComputeJob, JobOf, JobResult } from '../../schemas/jobs.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { createTuning } from './tuning.ts';

let root: string;
let store: ArtifactStore;
let jobs: JobOf<'tune'>[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-tune-'));
  store = createFileStore({ root });
  jobs = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (key: string) =>
  store.put({ area: 'private', key, body: key, mediaType: 'application/jsonl', replace: true });

/** Runs the activity with a job that writes an artifact and is counted. */
async function tune(
  run: string,
  source: 'synthetic' | 'real' | 'real-again',
  change: { epsilon?: number; tuning?: object } = {},
): Promise<JobResult<'tune'>> {
  const input: ExperimentInput = {
    corpus: { source: 'x.csv', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'test' },
    privacy: { epsilon: change.epsilon ?? 8 },
    classifier: { kind: 'linear' },
    evaluation: {
      tuning: { space: { learningRate: [0.1, 0.2, 0.3], updates: [5, 10] }, count: 4, ...change.tuning },
    },
  };
  const activity = createTuning({
    store,
    runJob: async ({ job }: { job: ComputeJob }) => {
      jobs.push(job as JobOf<'tune'>);
      const search = await put(`${job.run}/search.json`);
      return { result: { search }, cost: { seconds: 1, peakRssBytes: 1 } } as never;
    },
    countTrainableParameters: async () => 1,
    countTokens: async () => [],
    jobVersion: async () => 'one',
    codeVersion: 'test',
  });
  const real = source !== 'synthetic';
  const given = {
    run,
    config: parseExperiment(input),
    source,
    train: [await put(real ? 'train.jsonl' : `${run}-synthetic.jsonl`)],
    test: real ? await put('test.jsonl') : null,
  };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run(activity, given) as Promise<JobResult<'tune'>>;
}

test('the searches of a run try the same settings: some of the grid, by the public seed', async () => {
  for (const source of ['synthetic', 'real', 'real-again'] as const) await tune('one', source);
  expect(jobs.map(({ source }) => source)).toEqual(['synthetic', 'real', 'real-again']);
  expect(jobs[0].settings).toHaveLength(4);
  expect(new Set(jobs.map(({ settings }) => JSON.stringify(settings))).size).toBe(1);
  await tune('two', 'synthetic', { tuning: { count: undefined } });
  expect(jobs[3].settings).toHaveLength(6);
});

test('the search on synthetic texts is not given the real test set', async () => {
  await tune('one', 'synthetic');
  expect(jobs[0].scoredOn).toEqual({ heldOutFraction: 0.2 });
  expect(JSON.stringify(jobs[0])).not.toContain('test.jsonl');
});

test('searches on real records are taken from the cache by runs of another budget, those on synthetic texts are not', async () => {
  await tune('one', 'real');
  const other = { epsilon: 1, tuning: { validationFraction: 0.5 } };
  expect((await tune('two', 'real', other)).cachedFrom).toBe('one');
  expect(await tune('two', 'real-again', other)).not.toHaveProperty('cachedFrom');
  await tune('one', 'synthetic');
  expect(await tune('two', 'synthetic')).not.toHaveProperty('cachedFrom');
});
