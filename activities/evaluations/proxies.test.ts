import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { createProxies } from './proxies.ts';

let root: string;
let store: ArtifactStore;
let jobs: ComputeJob[];
let texts: ArtifactRef;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-proxies-'));
  store = createFileStore({ root });
  jobs = [];
  texts = await put('texts');
  for (const folder of ['model', 'encoder']) await mkdir(join(root, folder));
  await writeFile(join(root, 'model/config.json'), 'm');
  await writeFile(join(root, 'encoder/config.json'), 'e');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (key: string) =>
  store.put({ area: 'private', key, body: key, mediaType: 'application/jsonl', replace: true });

async function proxies(
  run: string,
  params: { adapter?: ArtifactRef | null; change?: Partial<ExperimentInput>; settings?: object } = {},
) {
  const { adapter = null, change, settings } = params;
  const activity = createProxies({
    store,
    runJob: async ({ job }: { job: ComputeJob }) => {
      jobs.push(job);
      const proxies = await put(`${job.run}/${jobs.length}`);
      return { result: { proxies }, cost: { seconds: 1, peakRssBytes: 1 } } as never;
    },
    countTrainableParameters: async () => 1,
    countTokens: async () => [],
    jobVersion: async () => 'one',
    codeVersion: 'test',
  });
  const config = parseExperiment({
    corpus: { source: 'x.csv', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'test' },
    model: join(root, 'model'),
    evaluation: { proxies: { encoder: join(root, 'encoder'), ...settings } },
    ...change,
  });
  const source = adapter === null ? ('zero-shot' as const) : ('synthetic' as const);
  const env = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const input = { run, config, source, adapter, texts: [texts], test: texts };
  return env.run(activity, input) as ReturnType<typeof activity>;
}

it('measures the un-tuned texts once for the runs of a sweep, whatever their privacy and training', async () => {
  await proxies('first');
  const change = { privacy: { epsilon: 1 }, training: { steps: 3 } };
  expect((await proxies('second', { change })).cachedFrom).toBe('first');
  expect(jobs).toHaveLength(1);
});

it('measures anew for another adapter, other settings, another encoder', async () => {
  await proxies('first', { adapter: await put('adapter-1') });
  expect(await proxies('second', { adapter: await put('adapter-2') })).not.toHaveProperty('cachedFrom');
  expect(await proxies('third')).not.toHaveProperty('cachedFrom');
  expect(await proxies('fourth', { settings: { records: 20 } })).not.toHaveProperty('cachedFrom');
  await writeFile(join(root, 'encoder/config.json'), 'another');
  expect(await proxies('fifth')).not.toHaveProperty('cachedFrom');
  expect(jobs).toHaveLength(5);
});
