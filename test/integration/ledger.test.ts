import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateLedger } from '../../activities/ledger/update-ledger.ts';
import { approveReservation } from '../../client/ledger/change-ledger.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ExperimentResult, ExperimentState } from '../../schemas/experiment-state.ts';
import type { EntryOutcome, LedgerView, ReserveRequest } from '../../schemas/ledger.ts';
import {
  EXPERIMENT_STATE_QUERY,
  LEDGER_STATE_QUERY,
  LedgerUpdate,
  ledgerWorkflowId,
  TaskQueue,
  WorkflowType,
} from '../../schemas/names.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { listLedgers, readLedger } from '../../storage/ledger-records.ts';
import { openStore } from '../../storage/open-store.ts';
import type { RunningWorkers } from '../../workers/run-workers.ts';
import { startFakeWorkers } from './fake-worker.ts';

let env: TestWorkflowEnvironment;
let workers: RunningWorkers | undefined;
let root: string;
let store: ArtifactStore;
const processes = new Set<ChildProcess>();

async function startServer(): Promise<TestWorkflowEnvironment> {
  const path = findTemporalExecutable();
  if (path === undefined) throw new Error('No Temporal server: npm run setup makes one.');
  // Every few updates the ledger goes on as a new run.
  const extraArgs = ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=40'];
  return TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, extraArgs },
  });
}

const startWorkers = () => startFakeWorkers({ address: env.address, storeUri: pathToFileURL(root).href });

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  root = await mkdtemp(join(tmpdir(), 'dpsynth-ledger-'));
  store = await openStore(root);
  await writeFile(join(root, 'corpus.csv'), 'text,label\nx,a\ny,b\n');
  env = await startServer();
  workers = await startWorkers();
});

afterAll(async () => {
  for (const worker of processes) worker.kill('SIGKILL');
  workers?.shutdown();
  await workers?.done;
  await env?.teardown();
  await rm(root, { recursive: true, force: true });
});

/** An experiment of epsilon 3 on a ledger of 7, at the delta of the run. */
function experimentOf(ledger: object, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'test' },
    training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
    sampling: { shards: 1 },
    evaluation: { baselines: [] },
    cache: 'off',
    privacy: { epsilon: 3, delta: 0.03, ledger: { epsilon: 7, delta: 0.03, ...ledger } },
    ...change,
  };
}

const start = (run: string, config: ExperimentInput) =>
  env.client.workflow.start(WorkflowType.experiment, {
    workflowId: run,
    taskQueue: TaskQueue.control,
    args: [config],
  });
const run = (name: string, config: ExperimentInput): Promise<ExperimentResult> =>
  start(name, config).then((handle) => handle.result());

async function failureOf(result: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await result.then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return error.cause;
}

const viewOf = (ledger: string) =>
  env.client.workflow.getHandle(ledgerWorkflowId(ledger)).query<LedgerView>(LEDGER_STATE_QUERY);
const recordsOf = (ledger: string) => readLedger({ store, ledger, atLeast: 0 });

/** Run and status of each reservation. */
async function entriesOf(ledger: string): Promise<Record<string, string>> {
  const { entries } = await recordsOf(ledger);
  return Object.fromEntries(entries.map(({ run, stage, status }) => [`${run} ${stage}`, status]));
}

function update(
  ledger: string,
  name: (typeof LedgerUpdate)[keyof typeof LedgerUpdate],
  request: object,
  { client } = env,
): Promise<EntryOutcome> {
  return updateLedger({ client, ledger, update: name, request });
}

/** At most so many at once: a server takes ten updates in flight of one workflow. */
async function inTurns<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < values.length; from += 8)
    results.push(...(await Promise.all(values.slice(from, from + 8).map(work))));
  return results;
}

/** A hundred of these have epsilon 2.4 together. */
const smallRequest = (which: number): ReserveRequest => ({
  reservation: {
    id: `small-${which}`,
    run: `run-${which}`,
    stage: 'finetune',
    parts: [{ samplingRate: 0.2, noiseMultiplier: 8, steps: 10 }],
  },
  limits: { epsilon: 7, delta: 0.001 },
});

describe('experiments on a ledger', { timeout: 240_000 }, () => {
  it('that start at once hold its limit: those without room end untrained, told what would fit', async () => {
    const names = ['once-a', 'once-b', 'once-c'];
    const results = await Promise.allSettled(
      names.map((name, seed) => run(name, experimentOf({ id: 'once', epsilon: 5 }, { seed }))),
    );
    const failed = names.filter((_, at) => results[at].status === 'rejected');
    const { entries, charged } = await viewOf('once');
    expect(entries.map(({ status }) => status)).toEqual(
      Array(names.length - failed.length).fill('committed'),
    );
    expect(entries.every(({ epsilon }) => epsilon < 3 && epsilon > 2.9)).toBe(true);
    expect(failed).toHaveLength(1);
    // Composed: less than the sum of the losses. With the third it would be 5.73.
    expect(charged).toBeCloseTo(4.477, 2);
    for (const name of failed) {
      const failure = await failureOf(env.client.workflow.getHandle(name).result());
      expect(failure.type).toBe('BudgetExceeded');
      expect(failure.message).toMatch(
        new RegExp(
          `ledger once has charged epsilon 4\\.477 of 5 at delta 0.03: .* is left.*run ${name}.*Lower privacy\\.epsilon: up to`,
        ),
      );
      expect(await store.list({ area: 'private', key: `${name}/checkpoints` })).toEqual([]);
    }
    const details = await env.client.workflow
      .getHandle(ledgerWorkflowId('once'))
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(details.currentDetails).toMatch(/Epsilon \*\*4\.477\*\* of 5 is charged at delta 0\.03/);
    expect(details.currentDetails).toMatch(/\| once-\w \| finetune \| 3 \| charged \|/);
  });

  it('pay for a release once: not for a cached one, not after a reset, and again for a new one', async () => {
    const cached = { cache: 'use' } as const;
    const ledger = { id: 'shared', epsilon: 20 };
    await run('shared-a', experimentOf(ledger, cached));
    const again = await run('shared-b', experimentOf(ledger, cached));
    expect(again.training?.cachedFrom).toBe('shared-a');
    expect(await entriesOf('shared')).toEqual({ 'shared-a finetune': 'committed' });
    await run('shared-c', experimentOf(ledger, { cache: 'refresh' }));
    const both = { 'shared-a finetune': 'committed', 'shared-c finetune': 'committed' };
    expect(await entriesOf('shared')).toEqual(both);

    // Set back to its first task, after its run key was destroyed.
    const first = env.client.workflow.getHandle('shared-c');
    const { events } = await first.fetchHistory();
    const task = events?.find(({ workflowTaskCompletedEventAttributes: done }) => done)?.eventId;
    await env.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: 'shared-c' },
      workflowTaskFinishEventId: task,
      requestId: 'reset',
      reason: 'test',
    });
    await env.client.workflow.getHandle('shared-c').result();
    expect(await entriesOf('shared')).toEqual(both);
  });

  it('charge a selection beside its fine-tuning: both together are the epsilon of the run', async () => {
    const selection = {};
    const result = await run('selects', experimentOf({ id: 'selection' }, { selection }));
    expect(result.training?.epsilon).toBeGreaterThan(2.9);
    expect(await entriesOf('selection')).toEqual({
      'selects finetune': 'committed',
      'selects select': 'committed',
    });
    expect((await viewOf('selection')).charged).toBeCloseTo(result.training!.epsilon!, 1);
    const only = experimentOf({ id: 'selection-only' }, { selection, training: { steps: 0 } });
    const chosen = await run('selects-only', only);
    expect(await entriesOf('selection-only')).toEqual({ 'selects-only select': 'committed' });
    expect((await viewOf('selection-only')).charged).toBeCloseTo(chosen.training!.epsilon!, 1);
    const statement = JSON.parse(
      String(await store.readKey({ area: 'release', key: 'selects-only/statement.json' })),
    );
    expect(statement.ran).toMatchObject({
      stepsDone: null,
      adapterDigest: null,
      selection: { private: true },
    });
  });

  it('refund what a failed stage did not show, and are charged for what it may have shown', async () => {
    const ledger = { id: 'failing', epsilon: 20 };
    const config = experimentOf(ledger, { evaluation: { baselines: ['real-dp'] } });
    const cancelled = await start('finetune-slow', config);
    const begun = () => store.list({ area: 'private', key: 'finetune-slow/checkpoints' });
    await expect.poll(async () => (await begun()).length, { timeout: 120_000 }).toBeGreaterThan(1);
    await cancelled.cancel();
    await expect(cancelled.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    await Promise.all([
      run('real-dp-row', config),
      run('rows', { ...config, classifier: { kind: 'wordcnn', seeds: 2 } }),
    ]);
    expect(await entriesOf('failing')).toEqual({
      'finetune-slow finetune': 'committed',
      'real-dp-row finetune': 'committed',
      'real-dp-row classify-real-dp': 'released',
      'rows finetune': 'committed',
      'rows classify-real-dp': 'committed',
    });
    const { entries } = await recordsOf('failing');
    const ofRow = entries.find(({ run, stage }) => run === 'rows' && stage === 'classify-real-dp');
    // Two seeds of 100 updates.
    expect(ofRow?.parts).toMatchObject([{ samplingRate: 1, steps: 200 }]);
  });

  it('wait for approval above the threshold, hold the budget, and refund it when cancelled', async () => {
    const config = experimentOf({ id: 'approval', approveAbove: 2 });
    const handle = await start('asks', config);
    const waitingFor = async (name: string) =>
      (await env.client.workflow.getHandle(name).query<ExperimentState>(EXPERIMENT_STATE_QUERY)).waitingFor;
    await expect
      .poll(() => waitingFor('asks'), { timeout: 60_000 })
      .toMatch(/dpsynth ledger approve approval \w+/);
    const [waiting] = (await viewOf('approval')).entries;
    expect(waiting).toMatchObject({ run: 'asks', status: 'waiting' });
    const other = await start('is-cancelled', { ...config, seed: 2 });
    await expect.poll(() => waitingFor('is-cancelled'), { timeout: 60_000 }).toMatch(/approve/);
    await other.cancel();
    await expect(other.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await store.list({ area: 'private', key: 'asks/checkpoints' })).toEqual([]);

    // Whoever may ask the server may not approve.
    const refused = await update('approval', LedgerUpdate.approve, { id: waiting.id }).catch(
      (error) => error,
    );
    expect(refused).toMatchObject({
      type: 'PolicyViolation',
      message: expect.stringMatching(/not approved in the store/),
    });
    const { client } = env;
    const approval = { client, store, ledger: 'approval', reservation: waiting.id, by: 'dpo@clinic' };
    expect(await approveReservation(approval)).toMatchObject({ status: 'reserved' });
    await handle.result();
    expect(await waitingFor('asks')).toBeNull();
    expect(await entriesOf('approval')).toEqual({
      'asks finetune': 'committed',
      'is-cancelled finetune': 'released',
    });
  });

  it('find the ledger of their corpus by its content, and cost nothing without privacy', async () => {
    await run('by-content', experimentOf({}));
    await run(
      'no-privacy',
      experimentOf({}, { privacy: { epsilon: 'none', ledger: { epsilon: 7, delta: 0.03 } } }),
    );
    const digests = (await listLedgers({ store })).filter((id) => /^[0-9a-f]{32}$/.test(id));
    expect(digests).toHaveLength(1);
    expect(await entriesOf(digests[0])).toEqual({ 'by-content finetune': 'committed' });
  });

  it('are refused a delta at which one record may be published', async () => {
    const config = experimentOf({ id: 'large', delta: 0.05 });
    expect(await failureOf(run('large-delta', config))).toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringMatching(/delta 0.05 is not below 1\/n/),
    });
  });
});

describe('the ledger workflow', { timeout: 240_000 }, () => {
  it('goes on as new runs under many updates, and loses none', async () => {
    const many = Array.from({ length: 40 }, (_, which) => which);
    const outcomes = await inTurns(many, (which) =>
      update('many', LedgerUpdate.reserve, smallRequest(which)),
    );
    expect(outcomes).toEqual(many.map((which) => ({ id: `small-${which}`, status: 'reserved' })));
    await inTurns(many, (which) => update('many', LedgerUpdate.commit, { id: `small-${which}` }));
    // The last update may have begun a new run, which knows nothing until it has read the records.
    await expect
      .poll(async () => (await viewOf('many')).entries.length, { timeout: 30_000 })
      .toBe(many.length);
    const view = await viewOf('many');
    expect(view.entries.map(({ id }) => id).sort()).toEqual(many.map((which) => `small-${which}`).sort());
    expect(view.entries.every(({ status }) => status === 'committed')).toBe(true);
    expect(view.sequence).toBe(1 + 2 * many.length);
    const { raw } = await env.client.workflow.getHandle(ledgerWorkflowId('many')).describe();
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
    expect(Number(raw.workflowExecutionInfo?.historyLength)).toBeLessThan(200);
  });

  it.each([
    [
      'a request that it does not understand',
      LedgerUpdate.reserve,
      { reservation: 1 },
      /request to the ledger is not valid[\s\S]*reservation/,
    ],
    ['the approval of what nobody reserved', LedgerUpdate.approve, { id: 'none' }, /has no reservation none/],
    ['the charge of what nobody reserved', LedgerUpdate.commit, { id: 'none' }, /has no reservation none/],
  ])('refuses %s, and stays up', async (_what, name, request, says) => {
    const error = await update('refusing', name, request).catch((error) => error);
    expect(error).toMatchObject({ type: 'InvalidConfig', message: expect.stringMatching(says) });
    expect(await update('refusing', LedgerUpdate.refund, { id: 'none' })).toMatchObject({
      status: 'released',
    });
  });

  it('is the same on another server: the records in the store are the ledger', async () => {
    await update('moved', LedgerUpdate.reserve, smallRequest(1));
    await update('moved', LedgerUpdate.commit, { id: 'small-1' });
    const before = await viewOf('moved');
    const other = await startServer();
    const others = await startFakeWorkers({ address: other.address, storeUri: pathToFileURL(root).href });
    try {
      await update('moved', LedgerUpdate.reserve, smallRequest(1), other);
      await update('moved', LedgerUpdate.reserve, smallRequest(2), other);
      // The first server has not seen the second reservation, and yet does not write over it.
      await update('moved', LedgerUpdate.reserve, smallRequest(3));
      const { entries } = await viewOf('moved');
      expect(entries.map(({ id, status }) => [id, status])).toEqual([
        ['small-1', 'committed'],
        ['small-2', 'reserved'],
        ['small-3', 'reserved'],
      ]);
      expect(entries[0]).toEqual(before.entries[0]);
    } finally {
      others.shutdown();
      await others.done;
      await other.teardown();
    }
  });

  it('answers every update once, also when its worker is killed in the middle of them', async () => {
    workers?.shutdown();
    await workers?.done;
    workers = undefined;
    const spawnWorker = async () => {
      const script = fileURLToPath(new URL('./fake-worker.ts', import.meta.url));
      const args = ['--import', import.meta.resolve('tsx'), script, env.address, pathToFileURL(root).href];
      const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      processes.add(worker);
      await once(worker.stdout, 'data');
      return worker;
    };
    const first = await spawnWorker();
    const many = Array.from({ length: 8 }, (_, which) => which);
    const outcomes = Promise.all(
      many.map((which) => update('killed', LedgerUpdate.reserve, smallRequest(which))),
    );
    const written = async () => (await recordsOf('killed')).entries.length;
    await expect.poll(written, { timeout: 60_000, interval: 5 }).toBeGreaterThan(2);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(await written()).toBeLessThan(many.length);
    const second = await spawnWorker();
    expect(await outcomes).toEqual(many.map((which) => ({ id: `small-${which}`, status: 'reserved' })));
    const { entries, sequence } = await recordsOf('killed');
    expect(entries.map(({ id }) => id).sort()).toEqual(many.map((which) => `small-${which}`).sort());
    expect(sequence).toBe(1 + many.length);
    second.kill('SIGKILL');
  });
});
