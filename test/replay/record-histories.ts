import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WorkflowFailedError } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { startFakeWorkers } from '../integration/fake-worker.ts';

// Records the histories that the replay test replays, those that are not there yet. One that no longer replays is a
// broken promise to runs in flight: version the workflow, and record another beside it; never replace it.
const BAD = { name: 'bad', set: { privacy: { delta: 0.5 } } };
const RUNS = {
  completed: { run: 'replay' },
  resumed: { run: 'finetune-kill-once' },
  'out-of-memory': { run: 'finetune-memory' },
  'row-missing': { run: 'real-row' },
  failed: { run: 'prepare-full' },
  invalid: { run: 'invalid', input: { privacy: { epsilon: 0 } } },
  cancelled: { run: 'finetune-slow', cancelAfterMs: 8_000 },
  'sweep-completed': { run: 'sweep', sweep: { grid: { 'privacy.epsilon': [1, 'none'] }, concurrency: 2 } },
  'sweep-variant-failed': { run: 'sweep-one', sweep: { variants: [BAD, { name: 'good' }] } },
  'sweep-failed': { run: 'sweep-all', sweep: { variants: [BAD, { name: 'good' }], maxFailed: 0 } },
  'sweep-cancelled': {
    run: 'sweep-cut',
    sweep: { variants: [{ name: 'finetune-slow' }, { name: 'late' }] },
    cancelAfterMs: 8_000,
  },
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
  server: { executable: { type: 'existing-path', path } },
});
const workers = await startFakeWorkers({ address: env.address, storeUri: pathToFileURL(root).href });
for (const [name, plan] of Object.entries(RUNS)) {
  const file = fileURLToPath(new URL(`./histories/${name}.json`, import.meta.url));
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    continue;
  const isSweep = 'sweep' in plan;
  const handle = await env.client.workflow.start(isSweep ? WorkflowType.sweep : WorkflowType.experiment, {
    workflowId: plan.run,
    taskQueue: TaskQueue.control,
    args: [
      isSweep ? { experiment: INPUT, ...plan.sweep } : 'input' in plan ? { ...INPUT, ...plan.input } : INPUT,
    ],
  });
  if ('cancelAfterMs' in plan) {
    await sleep(plan.cancelAfterMs);
    await handle.cancel();
  }
  await handle.result().catch((error) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  await writeFile(file, withoutMachine(historyToJSON(await handle.fetchHistory())));
}
workers.shutdown();
await workers.done;
await env.teardown();
await rm(root, { recursive: true, force: true });

/** The history without what is of this machine only: its name, process ids, folders. Replay reads none of it. */
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
