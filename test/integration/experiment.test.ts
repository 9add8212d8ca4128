import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ExperimentResult, ExperimentState } from '../../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY, TaskQueue, WorkflowType } from '../../schemas/names.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';
import { historyText } from './history-text.ts';

const INPUT: ExperimentInput = {
  name: 'integration',
  corpus: { source: 'somewhere.csv', labels: ['a', 'b'], testSetIsPublic: true },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
  sampling: { shards: 1 },
};

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let store: ArtifactStore;

beforeAll(async () => {
  cluster = await startFakeCluster();
  ({ env, store } = cluster);
});

afterAll(() => cluster?.stop());

function start(run: string, input: unknown = INPUT) {
  return env.client.workflow.start(WorkflowType.experiment, {
    workflowId: run,
    taskQueue: TaskQueue.control,
    args: [input],
  });
}

async function failureOf(run: string, input?: unknown): Promise<ApplicationFailure> {
  const handle = await start(run, input);
  const error = await handle.result().then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  expect(error.cause).toBeInstanceOf(ApplicationFailure);
  return error.cause;
}

/** Stages that a run leaves out unless its settings ask for them. */
const NOT_ASKED_FOR = ['proxies', 'amounts', 'tuning'];

const textOf = async (ref: ExperimentResult['report']) => (await store.read(ref)).toString('utf8');

describe('experiment', { timeout: 240_000 }, () => {
  it('goes from corpus to committed release, and forgets the run key', async () => {
    const handle = await start('happy', {
      ...INPUT,
      sampling: { shards: 2 },
      evaluation: {
        ...INPUT.evaluation,
        baselines: ['majority', 'zero-shot', 'real-dp', 'real'],
        heldOut: 4,
      },
    });
    const result: ExperimentResult = await handle.result();
    expect(result.run).toBe('happy');
    const manifest = JSON.parse(await textOf(result.release!));
    expect(Object.keys(manifest.outputs).sort()).toEqual([
      'adapter',
      'card',
      'report',
      'statement',
      'synthetic',
      'synthetic-parquet',
      'zero-shot',
    ]);
    for (const ref of Object.values<ExperimentResult['report']>(manifest.outputs)) {
      expect(ref.uri).toContain('/release/happy/');
      expect(await textOf(ref)).not.toMatch(/happy\/(train|test)\.jsonl|\/private\//);
    }
    expect(result.syntheticRecords).toBe(6);
    const scores = JSON.parse(await textOf(result.scores));
    expect(scores.rows.map(({ source }: { source: string }) => source)).toEqual([
      'majority',
      'zero-shot',
      'synthetic',
      'real-dp',
      'real',
    ]);
    expect(await store.readKey({ area: 'private', key: 'happy/run.key' })).toBeNull();
    expect(await store.list({ area: 'private', key: 'happy/checkpoints' })).toEqual([]);

    const state = await handle.query<ExperimentState>(EXPERIMENT_STATE_QUERY);
    for (const { stage, status } of state.stages)
      expect([stage, status]).toEqual([stage, NOT_ASKED_FOR.includes(stage) ? 'skipped' : 'done']);
    expect(state.result).toEqual(expect.objectContaining({ statement: result.statement }));
    // Rows that owe something to private records outside the mechanism are not in history, which
    // is not private.
    expect(result.published?.rows.map(({ source }) => source).sort()).toEqual(['synthetic', 'zero-shot']);
    expect(result.published?.heldOut).toEqual({
      tuned: { nats: 2.25, tokens: 9, records: 4 },
      untuned: { nats: 2.5, tokens: 9, records: 4 },
    });
  });

  it('publishes no score where the test set is private', async () => {
    const closed = { ...INPUT, corpus: { ...INPUT.corpus, testSetIsPublic: false } };
    expect((await (await start('unpublished', closed)).result()).published).toBeNull();
  });

  it('releases nothing of a run without privacy but its statement and its settings', async () => {
    const result: ExperimentResult = await (
      await start('plain', {
        ...INPUT,
        privacy: { epsilon: 'none' },
        evaluation: { ...INPUT.evaluation, baselines: ['real-dp'] },
      })
    ).result();
    expect(JSON.parse(await textOf(result.scores)).missing).toContainEqual({
      source: 'real-dp',
      why: 'without privacy it is the row of the real records',
    });
    expect(await store.list({ area: 'release', key: 'plain' })).toEqual([
      'plain/manifest.json',
      'plain/statement.json',
    ]);
    expect(result.synthetic.uri).toContain('/private/plain/');
    expect(result.statement).toMatch(/NOT PRIVATE/);
    expect(result.published).toBeNull();
  });

  it.each(['kill', 'segfault'])(
    'goes on from the last checkpoint after %s of the compute child',
    async (fault) => {
      await (await start(`finetune-${fault}-once`)).result();
      const adapter = await store.readKey({
        area: 'release',
        key: `finetune-${fault}-once/adapter.safetensors`,
      });
      expect(adapter?.toString()).toBe('resumed at 3');
    },
  );

  it('halves the physical micro-batch after OutOfMemory', async () => {
    await (await start('finetune-memory')).result();
    const diagnostics = await store.readKey({
      area: 'private',
      key: 'finetune-memory/finetune-diagnostics.json',
    });
    expect(JSON.parse(String(diagnostics)).microBatch).toBe(2);
  });

  it('refuses a bad experiment at once, naming every issue', async () => {
    const failure = await failureOf('bad', { ...INPUT, privacy: { epsilon: 0 }, surprise: 1 });
    expect(failure).toMatchObject({ type: 'InvalidConfig', nonRetryable: true });
    expect(failure.message).toMatch(/surprise/);
    expect(failure.message).toMatch(/epsilon/);
  });

  it('refuses a workflow id that cannot name a folder', async () => {
    expect(await failureOf('a/../b')).toMatchObject({ type: 'InvalidConfig' });
  });

  it('fails with the typed error of the stage that failed, without private text', async () => {
    const failure = await failureOf('prepare-secret');
    expect(failure.type).toBe('Unexpected');
    const history = await historyText(env.client.workflow.getHandle('prepare-secret'));
    expect(history).toContain('private/prepare-secret/errors');
    expect(history).not.toContain('Ann');
  });

  it('shows a row that could not be scored as missing, and goes on', async () => {
    const result: ExperimentResult = await (await start('real-row')).result();
    const scores = JSON.parse(await textOf(result.scores));
    expect(scores.missing).toContainEqual({ source: 'real', why: 'InvalidData: Nothing to train on.' });
    expect(scores.rows).toHaveLength(3);
  });

  it('searches settings and trains on parts if asked to; a failed search costs only its column', async () => {
    const evaluation = {
      baselines: [],
      amounts: [1, 0.5, 0.5],
      tuning: { space: { learningRate: [0.1, 0.01], updates: [5, 10] }, count: 3 },
    };
    const handle = await start('real-search', { ...INPUT, evaluation });
    const result: ExperimentResult = await handle.result();
    const state = await handle.query<ExperimentState>(EXPERIMENT_STATE_QUERY);
    const done = (name: string) => state.stages.find(({ stage }) => stage === name);
    // The whole corpus is the row synthetic and is not trained again.
    expect(done('amounts')).toMatchObject({ status: 'done', done: 1, of: 1 });
    expect(done('tuning')).toMatchObject({ status: 'done', done: 2, of: 3 });
    const { amounts } = JSON.parse(await textOf(result.scores));
    expect(amounts).toMatchObject({ points: [{ share: 0.5, trainingRecords: 3 }], missing: [] });
    expect(result.published?.amounts).toEqual(amounts);
    const manifest = await store.readKey({ area: 'private', key: 'real-search/manifest.json' });
    const tuning = JSON.parse(await textOf(JSON.parse(String(manifest)).outputs.tuning));
    expect(tuning.missing).toEqual([{ source: 'real', why: 'InvalidData: Nothing to search on.' }]);
    expect(tuning.searches.map((one: { source: string }) => one.source)).toEqual(['synthetic', 'real-again']);
    expect(tuning.searches[0].searched).toHaveLength(3);
    const released = await store.readKey({ area: 'release', key: 'real-search/report.html' });
    expect(String(released)).toContain('Chosen on synthetic texts');
    // 1/16 and 2/16 are scores of a search on real records; of the synthetic search they are 10/16,
    // 9/16 and 8/16.
    expect(String(released)).not.toMatch(/0\.063|0\.125/);
    expect(await textOf(result.report)).toMatch(/0\.125/);
    const history = await historyText(handle);
    expect(history).toContain('"share":0.5');
    expect(history).not.toContain('0.125');
  });

  it('measures proxies where asked for; a corpus that cannot be measured only costs its column', async () => {
    const evaluation = { baselines: ['zero-shot' as const], proxies: {} };
    const handle = await start('zero-shot-proxies', { ...INPUT, evaluation });
    const result: ExperimentResult = await handle.result();
    const state = await handle.query<ExperimentState>(EXPERIMENT_STATE_QUERY);
    expect(state.stages.find(({ stage }) => stage === 'proxies')).toMatchObject({
      ...{ status: 'done', done: 2, of: 3 },
    });
    const kept = await store.readKey({ area: 'private', key: 'zero-shot-proxies/proxies.json' });
    const { corpora, missing } = JSON.parse(String(kept));
    expect(corpora.map(({ source }: { source: string }) => source)).toEqual(['synthetic', 'real']);
    expect(missing).toEqual([{ source: 'zero-shot', why: 'InvalidData: No encoder reads this.' }]);
    expect(await textOf(result.report)).toMatch(/MAUVE, c = 5.*0\.375/s);
    const history = await historyText(handle);
    expect(history).toContain('zero-shot-proxies');
    expect(history).not.toMatch(/0\.375|0\.625/);
  });

  it('stops the compute child, after a checkpoint, when it is cancelled', async () => {
    const handle = await start('finetune-slow');
    const begun = async () =>
      (await store.list({ area: 'private', key: 'finetune-slow/checkpoints' })).length >= 2;
    await expect.poll(begun, { timeout: 120_000 }).toBe(true);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    const kept = await store.list({ area: 'private', key: 'finetune-slow/checkpoints' });
    expect(kept).toContain('finetune-slow/checkpoints/on-stop/00000000.ckpt');
  });
});
