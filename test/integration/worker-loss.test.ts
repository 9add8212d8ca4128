import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { openStore } from '../../storage/open-store.ts';

const INPUT: ExperimentInput = {
  corpus: { source: 'somewhere.csv', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 4, steps: 4 },
  sampling: { shards: 1 },
};

let env: TestWorkflowEnvironment;
let root: string;
let store: ArtifactStore;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  const path = findTemporalExecutable();
  if (path === undefined) throw new Error('No Temporal server: npm run setup makes one.');
  root = await mkdtemp(join(tmpdir(), 'dpsynth-worker-'));
  store = await openStore(root);
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
});

afterAll(async () => {
  for (const worker of running) worker.kill('SIGKILL');
  await env?.teardown();
  await rm(root, { recursive: true, force: true });
});

async function startWorker(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./fake-worker.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), script, env.address, pathToFileURL(root).href];
  const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  running.add(worker);
  worker.once('exit', () => running.delete(worker));
  await once(worker.stdout, 'data');
  return worker;
}

/** Starts a run and waits until it is in the middle of fine-tuning. */
async function startRun(run: string) {
  const handle = await env.client.workflow.start(WorkflowType.experiment, {
    workflowId: run,
    taskQueue: TaskQueue.control,
    args: [INPUT],
  });
  await expect.poll(() => checkpoints(run), { timeout: 120_000 }).toContain('of-no-arithmetic/00000002.ckpt');
  return handle;
}

async function checkpoints(run: string): Promise<string[]> {
  const keys = await store.list({ area: 'private', key: `${run}/checkpoints` });
  return keys.map((key) => key.split('/').slice(-2).join('/'));
}

async function adapterOf(run: string): Promise<string> {
  return String(await store.readKey({ area: 'release', key: `${run}/adapter.safetensors` }));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('loss of a worker', () => {
  it('that is shut down saves a checkpoint, and the next worker goes on from there', {
    timeout: 300_000,
  }, async () => {
    const first = await startWorker();
    const handle = await startRun('finetune-slow-once-a');
    first.kill('SIGTERM');
    const [code] = await once(first, 'exit');
    expect(code).toBe(0);
    expect(await checkpoints('finetune-slow-once-a')).toContain('on-stop/00000000.ckpt');
    const second = await startWorker();
    await handle.result();
    expect(await adapterOf('finetune-slow-once-a')).toBe('resumed at 4');
    second.kill('SIGKILL');
  });

  it('that is killed takes its compute child along, and the run ends on another', {
    timeout: 300_000,
  }, async () => {
    const first = await startWorker();
    const handle = await startRun('finetune-slow-once-b');
    const children = execFileSync('pgrep', ['-P', String(first.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
    expect(children).toHaveLength(1);
    first.kill('SIGKILL');
    await expect.poll(() => children.some(isAlive), { timeout: 20_000 }).toBe(false);
    const second = await startWorker();
    await handle.result();
    expect(await adapterOf('finetune-slow-once-b')).toBe('resumed at 3');
    second.kill('SIGKILL');
  });
});
