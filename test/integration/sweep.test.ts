import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSweep } from '../../client/sweep/start-sweep.ts';
import type { ExperimentState } from '../../schemas/experiment-state.ts';
import { EXPERIMENT_STATE_QUERY, SWEEP_STATE_QUERY, TaskQueue, WorkflowType } from '../../schemas/names.ts';
import type { SweepInput } from '../../schemas/sweep/sweep.ts';
import type { SweepState } from '../../schemas/sweep/sweep-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let root: string;
let store: ArtifactStore;
let experiment: SweepInput['experiment'];

beforeAll(async () => {
  cluster = await startFakeCluster();
  ({ env, root, store } = cluster);
  // The step cache asks for the corpus by its content.
  await writeFile(join(root, 'corpus.csv'), 'text,label\nx,a\ny,b\n');
  experiment = {
    corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'], testSetIsPublic: true },
    template: { form: 'prefix', task: 'test' },
    training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
    sampling: { shards: 1 },
  };
});

afterAll(() => cluster?.stop());

function start(id: string, input: unknown) {
  return env.client.workflow.start(WorkflowType.sweep, {
    workflowId: id,
    taskQueue: TaskQueue.control,
    args: [input],
  });
}

const run = (id: string, input: unknown): Promise<SweepState> =>
  start(id, input).then((handle) => handle.result());

async function failureOf(result: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await result.then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  expect(error.cause).toBeInstanceOf(ApplicationFailure);
  return error.cause;
}

/** How many results of each stage the run took from earlier ones. */
async function cachedOf(name: string): Promise<Record<string, number>> {
  const state = await env.client.workflow.getHandle(name).query<ExperimentState>(EXPERIMENT_STATE_QUERY);
  return Object.fromEntries(state.stages.map(({ stage, cached }) => [stage, cached]));
}

const release = async (name: string) =>
  String(await store.readKey({ area: 'release', key: `${name}/manifest.json` }));

const statementOf = async (name: string) =>
  JSON.parse(String(await store.readKey({ area: 'release', key: `${name}/statement.json` })));

describe('sweep', { timeout: 240_000 }, () => {
  it('runs every cell of a grid as a run of its own, and repeats no work that the cells share', async () => {
    const result = await run('grid', { experiment, grid: { 'privacy.epsilon': [1, 3, 'none'] } });
    expect(result.cells).toMatchObject([
      { name: 'epsilon-1', run: 'grid-epsilon-1', status: 'done', epsilon: 1 },
      { name: 'epsilon-3', run: 'grid-epsilon-3', status: 'done', epsilon: 3 },
      { name: 'epsilon-none', run: 'grid-epsilon-none', status: 'done', epsilon: 'none' },
    ]);
    expect(await cachedOf('grid-epsilon-1')).toMatchObject({ prepare: 0, zeroShot: 0, classify: 0 });
    // The corpus, the un-tuned model's texts, and the three rows that no training setting changes. The
    // adapter of these tests is the same at every epsilon, so what is made from it is found by its content.
    expect(await cachedOf('grid-epsilon-3')).toEqual({
      prepare: 1,
      plan: 0,
      heldOut: 0,
      proxies: 0,
      amounts: 0,
      tuning: 0,
      finetune: 0,
      sample: 1,
      select: 0,
      zeroShot: 1,
      classify: 4,
      report: 0,
    });
    expect(result.cells[0].training).toMatchObject({ trainableParameters: 10 });
    expect(result.cells[0].training?.epsilon).toBeCloseTo(1, 1);
    // Rows computed from private records outside the mechanism are in no history; without privacy none is.
    expect(result.cells.map(({ published }) => published?.map(({ source }) => source) ?? null)).toEqual([
      ['zero-shot', 'synthetic'],
      ['zero-shot', 'synthetic'],
      null,
    ]);
    const scores = JSON.parse((await store.read(result.cells[2].scores!)).toString('utf8'));
    expect(scores.rows).toHaveLength(4);
  });

  it('takes a whole training from an earlier sweep, as the same release', async () => {
    const before = await run('first', { experiment, variants: [{ name: 'a' }] });
    const after = await run('second', { experiment, variants: [{ name: 'b' }] });
    expect(after.cells[0].training).toEqual({ ...before.cells[0].training, cachedFrom: 'first-a' });
    const adapter = (name: string) => store.readKey({ area: 'release', key: `${name}/adapter.safetensors` });
    expect(await adapter('second-b')).toEqual(await adapter('first-a'));
    const anew = await run('third', {
      experiment: { ...experiment, cache: 'off' },
      variants: [{ name: 'c' }],
    });
    expect(anew.cells[0].training).not.toHaveProperty('cachedFrom');
  });

  it('shows a variant that failed with its reason, and goes on with the others', async () => {
    const result = await run('one-fails', {
      experiment,
      variants: [{ name: 'delta', set: { privacy: { delta: 0.5 } } }, { name: 'good' }],
    });
    expect(result.cells).toMatchObject([
      {
        name: 'delta',
        status: 'failed',
        why: expect.stringMatching(/^InvalidConfig: .*delta 0.5/),
        scores: null,
      },
      { name: 'good', status: 'done', why: null },
    ]);
    const details = await env.client.workflow
      .getHandle('one-fails')
      .query<string>('__temporal_workflow_metadata');
    expect(JSON.stringify(details)).toMatch(/1 of 2 variants done.*1 failed.*delta 0\.5/);
  });

  it('ends, and cancels what runs, when more have failed than are allowed', async () => {
    const bad = (name: string) => ({ name, set: { privacy: { delta: 0.5 } } });
    const handle = await start('many-fail', {
      experiment,
      variants: [{ name: 'finetune-slow', set: { seed: 5 } }, bad('a'), bad('b'), { name: 'never' }],
      concurrency: 2,
      maxFailed: 1,
    });
    const failure = await failureOf(handle.result());
    expect(failure.type).toBe('VariantsFailed');
    expect(failure.message).toMatch(/2 of 4 variants failed[\s\S]*a: InvalidConfig[\s\S]*b: InvalidConfig/);
    const { cells } = await handle.query<SweepState>(SWEEP_STATE_QUERY);
    expect(cells.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'waiting']);
    expect(cells[0].why).toBe('cancelled with the sweep');
    const slow = env.client.workflow.getHandle('many-fail-finetune-slow');
    expect((await slow.describe()).status.name).toBe('CANCELLED');
  });

  it('refuses a sweep with a bad variant before anything starts, naming variant and field', async () => {
    const failure = await failureOf(
      run('bad', {
        experiment,
        variants: [{ name: 'good' }, { name: 'odd', set: { privacy: { epsilon: -1 } } }],
      }),
    );
    expect(failure).toMatchObject({ type: 'InvalidConfig', nonRetryable: true });
    expect(failure.message).toMatch(/Variant odd[\s\S]*privacy\.epsilon/);
    await expect(env.client.workflow.getHandle('bad-good').describe()).rejects.toThrow();
  });

  it('cancels its children when cancelled; the same id then resumes without the ended ones', async () => {
    const input = {
      experiment,
      variants: [{ name: 'done' }, { name: 'finetune-slow-once', set: { seed: 7 } }],
    };
    const { client } = env;
    const { handle } = await startSweep({ client, config: input, id: 'cut' });
    expect(await startSweep({ client, config: input, id: 'cut' })).toMatchObject({ joined: true });
    await expect(startSweep({ client, config: { ...input, maxFailed: 1 }, id: 'cut' })).rejects.toMatchObject(
      {
        type: 'InvalidConfig',
        message: expect.stringContaining('other settings is running as cut'),
      },
    );
    const slow = 'cut-finetune-slow-once';
    const begun = async () => (await store.list({ area: 'private', key: `${slow}/checkpoints` })).length >= 2;
    await expect.poll(begun, { timeout: 120_000 }).toBe(true);
    // What is chosen among the runs states what all of them cost, so none is released before the
    // others have ended.
    await expect.poll(() => store.readKey({ area: 'private', key: 'cut-done/manifest.json' })).not.toBeNull();
    expect(await release('cut-done')).toBe('null');
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await env.client.workflow.getHandle(slow).describe()).status.name).toBe('CANCELLED');

    const { handle: again } = await startSweep({ client, config: input, id: 'cut' });
    const result: SweepState = await again.result();
    expect(result.cells).toMatchObject([
      { name: 'done', status: 'done', earlier: true },
      { name: 'finetune-slow-once', status: 'done', earlier: false },
    ]);
    const statements = await Promise.all(['cut-done', slow].map(statementOf));
    const [{ ran: done }, { ran: other }] = statements;
    expect(done.chosenFrom).toEqual(other.chosenFrom);
    expect(done.chosenFrom).toMatchObject({ sweep: 'cut', trainings: 2, withoutPrivacy: 0 });
    const own = statements[0].mechanism.epsilon;
    expect(done.chosenFrom.epsilon).toBeGreaterThan(own);
    expect(done.chosenFrom.epsilon).toBeLessThan(2 * own);
    expect(String(await store.readKey({ area: 'release', key: `${slow}/adapter.safetensors` }))).toBe(
      'resumed at 4',
    );
    expect(await store.readKey({ area: 'private', key: `${slow}/run.key` })).toBeNull();
  });

  it('does not take an ended run of other settings for its own', async () => {
    await run('taken', { experiment, variants: [{ name: 'x' }] });
    const result = await run('taken', { experiment, variants: [{ name: 'x', set: { seed: 9 } }] });
    expect(result.cells).toMatchObject([
      { status: 'failed', why: expect.stringMatching(/taken-x has ended before, with other settings/) },
    ]);
  });
});
