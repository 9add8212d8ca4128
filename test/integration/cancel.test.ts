import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DpsynthClient } from '../../client/dpsynth-client.ts';
import { cancelAndWait } from '../../client/runs/cancel-and-wait.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { runCli } from '../end-to-end/cli.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let root: string;
let store: ArtifactStore;
let config: ExperimentInput;
let client: DpsynthClient;

beforeAll(async () => {
  cluster = await startFakeCluster();
  ({ env, root, store } = cluster);
  const rows = Array.from({ length: 100 }, (_, i) => `text ${i},${i % 2 ? 'a' : 'b'}\n`);
  await writeFile(join(root, 'corpus.csv'), `text,label\n${rows.join('')}`);
  config = {
    corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'test' },
    training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
    sampling: { shards: 1 },
    evaluation: { baselines: [] },
    // Each run has a training of its own to be cancelled in.
    cache: 'off',
  };
  client = new DpsynthClient({ client: env.client });
});

afterAll(() => cluster?.stop());

const cancel = (id: string, ...more: string[]) =>
  runCli(['cancel', id, ...more], { env: { TEMPORAL_ADDRESS: env.address } });
const statusOf = async (run: string) => (await env.client.workflow.getHandle(run).describe()).status.name;
const checkpointsOf = (run: string) => store.list({ area: 'private', key: `${run}/checkpoints` });

async function training(run: string): Promise<void> {
  const begun = async () => (await checkpointsOf(run)).length >= 2;
  await expect.poll(begun, { timeout: 120_000 }).toBe(true);
}

describe('dpsynth cancel', { timeout: 180_000 }, () => {
  it('returns when a run has stopped, after a checkpoint; the same id then goes on from there', async () => {
    const run = 'finetune-slow-once';
    await client.start({ config, id: run });
    await training(run);
    const { code, json, stderr } = await cancel(run, '--json');
    expect(code).toBe(0);
    expect(json()).toEqual({ run, type: 'experiment', status: 'CANCELLED' });
    expect(stderr).toContain(`Asked ${run} to stop`);
    expect(await statusOf(run)).toBe('CANCELLED');
    expect(await checkpointsOf(run)).toContain(`${run}/checkpoints/on-stop/00000000.ckpt`);

    await client.start({ config, id: run });
    await client.result({ run });
    expect(String(await store.readKey({ area: 'release', key: `${run}/adapter.safetensors` }))).toBe(
      'resumed at 4',
    );
    await expect(client.start({ config, id: run })).rejects.toThrow(`The run id ${run} is taken`);
  });

  it('cancels a sweep with its runs, and says how it goes on', async () => {
    const variants = [{ name: 'finetune-slow' }];
    await client.startSweep({ config: { experiment: config, variants }, id: 'swept' });
    await training('swept-finetune-slow');
    const { code, stdout } = await cancel('swept');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'Cancelled the sweep swept and its unfinished runs. `dpsynth sweep CONFIG --id swept` with the same settings resumes it.\n',
    );
    expect(await statusOf('swept-finetune-slow')).toBe('CANCELLED');
  });

  it('cancels one variant, which its sweep counts as failed', async () => {
    const variants = [{ name: 'finetune-slow' }];
    await client.startSweep({ config: { experiment: config, variants }, id: 'part' });
    await training('part-finetune-slow');
    const { code, stdout } = await cancel('part-finetune-slow');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Cancelled the run part-finetune-slow\. Its sweep or re-synthesis part .* counts it as failed\.\n$/,
    );
    const { cells } = await client.sweepResult({ sweep: 'part' });
    expect(cells.map(({ status }) => status)).toEqual(['failed']);
  });

  it('cancels a tick of a schedule with its version', async () => {
    await env.client.workflow.start(WorkflowType.resynthesis, {
      workflowId: 'tick',
      taskQueue: TaskQueue.control,
      args: [{ release: 'finetune-slow', experiment: config }],
    });
    await training('finetune-slow-v1');
    const { code, stdout } = await cancel('tick');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Cancelled the re-synthesis tick\. The last version stays/);
    expect(await statusOf('finetune-slow-v1')).toBe('CANCELLED');
  });

  it('refuses in one line what is not there, is no run, or has ended', async () => {
    const ended = { taskQueue: 'nobody', workflowId: 'ended' };
    await (await env.client.workflow.start(WorkflowType.experiment, ended)).terminate();
    const ledger = { taskQueue: 'nobody', workflowId: 'ledger-x' };
    await env.client.workflow.start(WorkflowType.ledger, ledger);
    for (const [id, says] of [
      ['none', 'There is no run or sweep none.'],
      ['ledger-x', 'There is no run or sweep ledger-x.'],
      ['ended', 'ended has already ended (terminated), so there is nothing to cancel.'],
    ])
      expect(await cancel(id)).toMatchObject({ code: 1, stdout: '', stderr: `InvalidConfig: ${says}\n` });
  });

  it('does not take another end for its own', async () => {
    const left = { taskQueue: 'nobody', workflowId: 'left' };
    const handle = await env.client.workflow.start(WorkflowType.experiment, left);
    const cancelled = cancelAndWait({
      client: env.client,
      run: 'left',
      onAsked: () => void handle.terminate(),
    });
    await expect(cancelled).rejects.toThrow('left ended by itself before it could be cancelled.');
  });
});
