import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { ActivityDeps } from '../activities/activity-deps.ts';
import { createCpuActivities, createGpuActivities } from '../activities/index.ts';
import { createStep } from '../activities/step.ts';
import { runKeyToBytes } from '../engine/privacy/run-key.ts';
import type { ArtifactRef } from '../schemas/artifact.ts';
import type { Scored } from '../schemas/evaluations/classify.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import type { ComputeJob, JobOf, Trained } from '../schemas/jobs.ts';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import type { MechanismPlanData } from '../schemas/privacy.ts';
import type { TrainingConfig } from '../schemas/settings/training.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { createFileStore } from '../storage/file-store.ts';
import { directRunKeys } from '../workers/compute/jobs/classify.ts';
import { runPrepare } from '../workers/compute/jobs/prepare.ts';
import { openRunKey } from '../workers/compute/run-key.ts';
import { trainingDigest } from '../workers/compute/training-digest.ts';

// Digests that stand in stores and ledgers of runs that are under way. If one changes, an upgrade makes these
// runs draw other noise, charges their releases again, or does their steps anew. A change of a value below is
// therefore a change for users: say so in the changelog.

const RUN = 'run-1';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-digests-'));
  store = createFileStore({ root });
  // What chance gives otherwise: the secrets of the store and of the run.
  await put('store@1/secret.key', Buffer.alloc(32, 1));
  await put(`${RUN}/run.key`, Buffer.alloc(32, 2));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (key: string, body: Uint8Array | string) =>
  store.put({ area: 'private', key, body, mediaType: 'application/octet-stream' });

const refOf = (byte: string): ArtifactRef => ({
  uri: `file:///${byte}`,
  keyedDigest: byte.repeat(32),
  mediaType: 'application/jsonl',
});

const PLAN: MechanismPlanData = {
  private: true,
  ...{ records: 1000, expectedBatchSize: 128, samplingRate: 0.128, steps: 16 },
  ...{ clippingNorm: 1, clipping: 'flat', adaptiveClipping: null, noiseMultiplier: 0.75 },
  ...{ delta: 1e-5, epsilon: 8, epsilonRdp: 9, accountant: 'pld', otherParts: [] },
};

const TRAINING: TrainingConfig = {
  adapter: { method: 'lora', rank: 4, alpha: 8, matrices: ['q', 'v'], freezeA: false },
  expectedBatchSize: 128,
  steps: 16,
  optimizer: {
    kind: 'adam',
    ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, noiseCorrection: false, noiseFloor: 5e-8 },
  },
  learningRate: { peak: 5e-3, warmupSteps: 0, decay: 'constant' },
  objective: 'prefix',
  maxTokens: 48,
  lossNormalisation: 'mean',
  averaging: 0,
  microBatch: 16,
  recompute: 'auto',
  precision: 'auto',
  checkpointEvery: 2,
};

test('the digest of a training', () => {
  const job: JobOf<'finetune'> = {
    kind: 'finetune',
    store: 'file:///store',
    run: RUN,
    model: 'smollm2-135m',
    template: { form: 'prefix', task: 'topics' },
    train: refOf('ab'),
    training: TRAINING,
    plan: PLAN,
    seed: 1,
    microBatch: 16,
  };
  expect(trainingDigest(job, 'bfloat16')).toBe('4dbc9419bfe2d32ba359ca248411a0ce');
  expect(trainingDigest(job, 'float32')).toBe('f03da44103214c7bdd5c3802d38d20d4');
});

test('the keys that draw and noise, bound to a training', async () => {
  const hex = (key: Parameters<typeof runKeyToBytes>[0]) => runKeyToBytes(key).toString('hex');
  expect(hex(await openRunKey({ store, run: RUN, training: 'a training' }))).toBe(
    'd5adfc99eaa5b709f384b11206554cfee99c5cc338a684a7328c7112763180a3',
  );
  const job: JobOf<'classify'> = {
    kind: 'classify',
    store: store.uri,
    run: RUN,
    source: 'real-dp',
    model: 'smollm2-135m',
    labels: ['a', 'b'],
    train: [refOf('ab')],
    test: refOf('cd'),
    classifier: configOf({ model: 'smollm2-135m', source: 'wiki-topics' }).classifier,
    privacy: { epsilon: 8, accountant: 'pld' },
    evaluation: { bootstrap: 100, confidence: 0.95 },
    seed: 1,
  };
  const context = { store, onProgress: () => {}, signal: new AbortController().signal };
  const keyOf = await directRunKeys(job, context);
  expect(hex(keyOf(7))).toBe('df4362f776484169386e9e529d839a87747ad5526d5dc8d88cd3c8ff322c6886');
});

test('the default id of a ledger', async () => {
  const source = join(root, 'corpus.csv');
  const rows = Array.from({ length: 100 }, (_, i) => `text number ${i},${i % 2 ? 'a' : 'b'}`);
  await writeFile(source, `text,label\n${rows.join('\n')}\n`);
  const { corpus } = configOf({ model: 'smollm2-135m', source });
  const context = { store, onProgress: () => {}, signal: new AbortController().signal };
  const { units } = await runPrepare(
    { kind: 'prepare', store: store.uri, run: RUN, corpus, seed: 1 },
    context,
  );
  expect(units).toBe('7cd4864ffde24e1bab3a04e4eab95f58');
});

test('the input that a step keeps its result under', async () => {
  const input = z.strictObject({ run: z.string(), config: z.object({ seed: z.int(), name: z.string() }) });
  const step = createStep({
    store,
    input,
    output: z.string(),
    name: () => 'one',
    stage: () => 'plan',
    run: async () => ({ output: 'made' }),
  });
  await environment().run(() => step({ run: RUN, config: { seed: 1, name: 'n' } }));
  const kept = JSON.parse(String(await store.readKey({ area: 'private', key: `${RUN}/steps/one.json` })));
  expect(kept.input).toBe('00ef81daf6775d16adc14a960d4990a5d21916f037dfbd9f2383fb78209b1af3');
});

test('the keys of the step cache, and the names of releases', async () => {
  const model = await assetOf('model', 'm');
  const config = configOf({ model, source: join(await assetOf('corpus', 'text,label\n'), 'file.csv') });
  const encoder = await assetOf('encoder', 'e');
  const { evaluation } = config;
  const proxies = { ...evaluation.proxies!, encoder };
  const made = await releasesAndKeys({ ...config, evaluation: { ...evaluation, proxies } });
  expect(made.releases).toEqual({
    finetune: 'ff4bfa1bebfa8f6f',
    'real-dp': '481b7190f4bbabfe',
  });
  expect(made.keys).toEqual([
    'classify/194676081ceb801c26ad3ebc40d96a7807043924385ffb52133026c58a6ea56b',
    'classify/531d7bce5a862aa15362523f9ff41758da9392c7c9dc207c1b6266c2c1876f88',
    'classify/8df47d4e920a5466f6ab7693f203b5af1a23fd254ca9996a2d2cb21073d47ab9',
    'finetune/d531b8b554971548d5057b826107a1f9462ec01d354db0f0daa0c22f699f17e6',
    'held-out/cb71af3208ca710e5adf0a110365cfb937e07e584c5d4193b30b5fcda51e7279',
    'majority/344e5411d69f132688409ea582605514dcd10cdc4cd377d0cc0b86b60c5ed00b',
    'prepare/c9d225287507c13ae1036d807e6cebc10083d5ecbf651cf696189174014eb962',
    'proxies/86e7387b3c3e1a2d3efbf679ff6736058a5aa13c8a8b7c4cf4e147e37cb436f8',
    'sample/3d9cdb384cdba7c7062ad68080fb6f9428f1f7e35d0b7f12daf6f0ab28edbcef',
    'sample/4edf998aaaac2886059f7db3a0283944c51d72085c121931a7154a2f0f840a19',
    'tune/88ff7f6aeb0402d2ceeb83fd2da1a4962e7784dc00c6483538f4a58744285485',
  ]);
});

const environment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

/** A folder with one file. Its digest follows from the content, not from where it is. */
async function assetOf(name: string, content: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await writeFile(join(folder, name === 'corpus' ? 'file.csv' : 'config.json'), content);
  return folder;
}

function configOf({ model, source }: { model: string; source: string }): ExperimentConfig {
  return parseExperiment({
    corpus: { source, labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'topics' },
    model,
    training: TRAINING,
    evaluation: {
      baselines: ['majority', 'real', 'real-dp'],
      heldOut: 5,
      proxies: {},
      tuning: { space: { dropout: [0, 0.5] } },
    },
  });
}

/** Runs each compute activity once over jobs that do nothing. */
async function releasesAndKeys(config: ExperimentConfig) {
  const [train, texts, adapter] = [refOf('ab'), refOf('cd'), refOf('ef')];
  const results: { [K in ComputeJob['kind']]?: object } = {
    prepare: { train, test: texts, records: 1000, testRecords: 5, units: '0'.repeat(32) },
    finetune: { adapter, diagnostics: texts, steps: 16, trainableParameters: 10 },
    sample: { corpus: texts, tokens: 1 },
    'held-out': { loss: texts },
    proxies: { proxies: texts },
    classify: { row: texts },
    majority: { row: texts },
    tune: { search: texts },
  };
  const deps: ActivityDeps = {
    store,
    runJob: async ({ job }: { job: ComputeJob }) =>
      ({ result: results[job.kind], cost: { seconds: 1, peakRssBytes: 1 } }) as never,
    countTrainableParameters: async () => 10,
    countTokens: async () => [],
    jobVersion: async () => 'one',
    codeVersion: 'test',
  };
  const cpu = createCpuActivities(deps);
  const gpu = createGpuActivities(deps);
  const of = { run: RUN, config };
  const env = environment();
  await env.run(() => cpu.prepare(of));
  const trained = (await env.run(() =>
    gpu.finetune({ ...of, train, plan: PLAN, microBatch: 16 }),
  )) as Trained;
  await env.run(() => gpu.sampleShard({ ...of, adapter, shard: 0 }));
  await env.run(() => gpu.sampleShard({ ...of, adapter: null, shard: 1 }));
  await env.run(() => gpu.heldOut({ ...of, adapter, test: texts }));
  await env.run(() => gpu.proxies({ ...of, source: 'synthetic', adapter, texts: [texts], test: texts }));
  await env.run(() => cpu.classify({ ...of, source: 'synthetic', train: [texts], test: texts }));
  await env.run(() => cpu.classify({ ...of, source: 'synthetic', train: [texts], share: 0.5, test: texts }));
  await env.run(() => cpu.classify({ ...of, source: 'majority', train: [train], test: texts }));
  const direct = (await env.run(() =>
    cpu.classify({ ...of, source: 'real-dp', train: [train], test: texts }),
  )) as Scored;
  await env.run(() => cpu.tune({ ...of, source: 'synthetic', train: [texts], test: null }));
  const keys = await store.list({ area: 'private', key: 'step-cache@1' });
  return {
    releases: { finetune: trained.release, 'real-dp': direct.release },
    keys: keys.map((key) => key.replace('step-cache@1/', '').replace('.json', '')),
  };
}
