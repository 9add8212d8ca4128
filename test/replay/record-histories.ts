import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { updateLedger } from '../../activities/ledger/update-ledger.ts';
import { ledgerWorkflowId, SweepUpdate, TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { SearchAttribute } from '../../schemas/search-attributes.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { startFakeWorkers } from '../integration/fake-worker.ts';

// Records the histories that the replay test replays, those that are not there yet. One that no longer
// replays is a broken promise to runs in flight: version the workflow, and record another beside it;
// never replace it.
const BAD = { name: 'bad', set: { privacy: { delta: 0.5 } } };
const LEDGER = { id: 'replay', epsilon: 18, delta: 0.03 };
const SEARCH = {
  trials: 4,
  space: { 'training.learningRate.peak': { low: 0.001, high: 0.1, scale: 'log' } },
  resource: { min: 2, max: 4, factor: 2 },
};
const RUNS = {
  completed: { run: 'replay' },
  'search-attributes': { run: 'indexed', isIndexed: true },
  resumed: { run: 'finetune-kill-once' },
  'out-of-memory': { run: 'finetune-memory' },
  'row-missing': { run: 'real-row' },
  failed: { run: 'prepare-full' },
  invalid: { run: 'invalid', input: { privacy: { epsilon: 0 } } },
  cancelled: { run: 'finetune-slow', cancelAfterMs: 8_000 },
  charged: {
    run: 'charged',
    input: { privacy: { ledger: LEDGER }, evaluation: { baselines: ['real-dp'] } },
  },
  'ledger-refuses': {
    run: 'refused',
    input: { privacy: { ledger: { ...LEDGER, id: 'small', epsilon: 2 } } },
  },
  // Since policies of the store: every DP stage asks what it costs, and sweeps release when they have ended.
  quoted: { run: 'quoted' },
  'charged-from-the-cache': {
    run: 'charged-cached',
    input: { privacy: { ledger: { ...LEDGER, id: 'other' } } },
  },
  'sweep-released': { run: 'sweep-released', sweep: { grid: { 'privacy.epsilon': [1, 2] } } },
  'sweep-completed': { run: 'sweep', sweep: { grid: { 'privacy.epsilon': [1, 'none'] }, concurrency: 2 } },
  'sweep-variant-failed': { run: 'sweep-one', sweep: { variants: [BAD, { name: 'good' }] } },
  'sweep-failed': { run: 'sweep-all', sweep: { variants: [BAD, { name: 'good' }], maxFailed: 0 } },
  'sweep-cancelled': {
    run: 'sweep-cut',
    sweep: { variants: [{ name: 'finetune-slow' }, { name: 'late' }] },
    cancelAfterMs: 8_000,
  },
  'sweep-trial-stopped': {
    run: 'sweep-steered',
    sweep: { variants: [{ name: 'finetune-slow' }, { name: 'late' }] },
    stopAfterMs: 8_000,
  },
  'sweep-continued-as-new': { run: 'sweep-first', sweep: { search: SEARCH }, isOfFirstRun: true },
  'sweep-search-completed': { run: 'sweep-last', sweep: { search: SEARCH, concurrency: 2 } },
};
const INPUT = {
  name: 'replay',
  corpus: { source: 'somewhere.csv', labels: ['a', 'b'], testSetIsPublic: true },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
  sampling: { shards: 2 },
};

const root = await mkdtemp(join(tmpdir(), 'dpsynth-replay-'));
const path = findTemporalExecutable();
if (path === undefined) throw new Error('No Temporal server: npm run setup makes one.');
const env = await TestWorkflowEnvironment.createLocal({
  server: {
    executable: { type: 'existing-path', path },
    searchAttributes: Object.values(SearchAttribute),
    // For ledgers and searches, which go on as a new run where the server says so.
    extraArgs: ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=40'],
  },
});
const workers = await startFakeWorkers({ address: env.address, storeUri: pathToFileURL(root).href });
for (const [name, plan] of Object.entries(RUNS)) {
  if (await isRecorded(name)) continue;
  const isSweep = 'sweep' in plan;
  const handle = await env.client.workflow.start(isSweep ? WorkflowType.sweep : WorkflowType.experiment, {
    workflowId: plan.run,
    taskQueue: TaskQueue.control,
    typedSearchAttributes: 'isIndexed' in plan ? [{ key: SearchAttribute.dataset, value: 'somewhere' }] : [],
    args: [
      isSweep ? { experiment: INPUT, ...plan.sweep } : 'input' in plan ? { ...INPUT, ...plan.input } : INPUT,
    ],
  });
  if ('cancelAfterMs' in plan) {
    await sleep(plan.cancelAfterMs);
    await handle.cancel();
  }
  if ('stopAfterMs' in plan) {
    await sleep(plan.stopAfterMs);
    await handle.executeUpdate(SweepUpdate.stopTrial, { args: [plan.sweep.variants[0].name] });
  }
  await handle.result().catch((error) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  const runId = 'isOfFirstRun' in plan ? handle.firstExecutionRunId : undefined;
  await record(name, env.client.workflow.getHandle(plan.run, runId));
}
await recordLedger();
await recordResyntheses();
workers.shutdown();
await workers.done;
await env.teardown();
await rm(root, { recursive: true, force: true });

/**
 * A ledger that goes on as a new run after some updates: its first run, and the one that is still under way.
 */
async function recordLedger(): Promise<void> {
  if (await isRecorded('ledger')) return;
  const { client } = env;
  const ledger = 'updated';
  const limits = { epsilon: 18, delta: 0.03, approveAbove: 1 };
  const handle = client.workflow.getHandle(ledgerWorkflowId(ledger));
  let first: string | undefined;
  for (let which = 0; which < 8; which++) {
    const id = `reservation-${which}`;
    const parts = [{ samplingRate: 0.2, noiseMultiplier: which === 0 ? 1 : 8, steps: 10 }];
    const reservation = { id, run: `nobody-${which}`, stage: which === 1 ? 'finetune' : 'unknown', parts };
    await updateLedger({ client, ledger, update: 'reserve', request: { reservation, limits } });
    first ??= (await handle.describe()).runId;
    const update = which === 0 ? 'approve' : which === 1 ? 'release' : 'commit';
    await updateLedger({ client, ledger, update, request: { id } });
  }
  await record('ledger-continued', client.workflow.getHandle(ledgerWorkflowId(ledger), first));
  await record('ledger', handle);
}

/** Ticks of schedules: one that publishes, the same again, and ones that end without a version. */
async function recordResyntheses(): Promise<void> {
  if (await isRecorded('resynthesis-published')) return;
  const source = join(root, 'corpus.csv');
  const grow = (rows: number) =>
    writeFile(
      source,
      `text,label\n${Array.from({ length: rows }, (_, i) => `text ${i},${i % 2 ? 'a' : 'b'}\n`).join('')}`,
    );
  const experiment = { ...INPUT, cache: 'off', corpus: { ...INPUT.corpus, source } };
  const tick = async (name: string, params: { release: string; set?: object; cancelAfterMs?: number }) => {
    const { release, set, cancelAfterMs } = params;
    const handle = await env.client.workflow.start(WorkflowType.resynthesis, {
      workflowId: name,
      taskQueue: TaskQueue.control,
      args: [{ release, experiment: { ...experiment, ...set } }],
    });
    if (cancelAfterMs !== undefined) {
      await sleep(cancelAfterMs);
      await handle.cancel();
    }
    await handle.result().catch((error) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    await record(name, handle);
  };
  await grow(100);
  await tick('resynthesis-published', { release: 'finetune-second' });
  await tick('resynthesis-unchanged', { release: 'finetune-second' });
  const ledger = { id: 'poor', epsilon: 2, delta: 0.003 };
  await tick('resynthesis-no-budget', { release: 'poor', set: { privacy: { ledger } } });
  await tick('resynthesis-cancelled', { release: 'finetune-slow', cancelAfterMs: 8_000 });
  await grow(150);
  await tick('resynthesis-failed', { release: 'finetune-second' });
}

async function isRecorded(name: string): Promise<boolean> {
  return access(fileOf(name)).then(
    () => true,
    () => false,
  );
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`./histories/${name}.json`, import.meta.url));
}

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  await writeFile(fileOf(name), withoutMachine(historyToJSON(await handle.fetchHistory())));
}

/**
 * The history without what is of this machine only: its name, process ids, folders. Replay reads none of it.
 */
function withoutMachine(json: string): string {
  const repository = fileURLToPath(new URL('../..', import.meta.url));
  return `${JSON.stringify(
    JSON.parse(json),
    (key, value) => {
      if (key === 'identity') return 'recorded';
      if (key === 'stackTrace') return '';
      if (key === 'data' && typeof value === 'string')
        return Buffer.from(plain(Buffer.from(value, 'base64').toString('utf8'), repository)).toString(
          'base64',
        );
      return typeof value === 'string' ? plain(value, repository) : value;
    },
    1,
  )}\n`;
}

function plain(text: string, repository: string): string {
  return text.replaceAll(root, '/store').replaceAll(repository, '').replaceAll(hostname(), 'host');
}
