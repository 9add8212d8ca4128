import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue } from '../../schemas/names.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const CALLERS = 'another-team';

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let callers: Worker;
let callersDone: Promise<void>;
let root: string;
let config: ExperimentInput;

beforeAll(async () => {
  cluster = await startFakeCluster();
  ({ env, root } = cluster);
  await writeFile(join(root, 'corpus.csv'), 'text,label\nx,a\ny,b\n');
  config = {
    corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'], testSetIsPublic: true },
    template: { form: 'prefix', task: 'test' },
    training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
    sampling: { shards: 1 },
    cache: 'off',
  };
  await env.connection.operatorService.createNexusEndpoint({
    spec: {
      name: 'dpsynth',
      target: { worker: { namespace: 'default', taskQueue: TaskQueue.control } },
    },
  });
  callers = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: CALLERS,
    workflowsPath: fileURLToPath(new URL('./nexus-caller.ts', import.meta.url)),
  });
  callersDone = callers.run();
}, 180_000);

afterAll(async () => {
  callers?.shutdown();
  await callersDone;
  await cluster?.stop();
});

function call(run: string, change: object = {}) {
  return env.client.workflow.start('caller', {
    taskQueue: CALLERS,
    workflowId: `caller-of-${run}`,
    args: [{ config: { ...config, ...change }, id: run }],
  });
}

describe('an experiment that another workflow starts over Nexus', { timeout: 180_000 }, () => {
  it('runs under the id that it gave, and the caller gets its result', async () => {
    const result = await (await call('over-nexus')).result();
    expect(result).toMatchObject({
      run: 'over-nexus',
      report: { uri: expect.stringContaining('over-nexus') },
    });
    const { status } = await env.client.workflow.getHandle('over-nexus').describe();
    expect(status.name).toBe('COMPLETED');
  });

  it('is refused at once where its settings are not valid', async () => {
    const handle = await call('not-valid', { training: { steps: -1 } });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { cause: { type: 'BAD_REQUEST', message: expect.stringContaining('training.steps') } },
    });
    await expect(env.client.workflow.getHandle('not-valid').describe()).rejects.toThrow(/not found/);
  });

  it('is refused at once where another run has its id', async () => {
    await (await call('over-nexus-again')).result();
    const second = await env.client.workflow.start('caller', {
      taskQueue: CALLERS,
      workflowId: 'second-caller-of-over-nexus-again',
      args: [{ config, id: 'over-nexus-again' }],
    });
    await expect(second.result()).rejects.toMatchObject({
      cause: { cause: { type: 'BAD_REQUEST', message: expect.stringContaining('over-nexus-again already') } },
    });
  });

  it('is cancelled with the operation', async () => {
    const handle = await call('finetune-slow');
    const status = () =>
      env.client.workflow
        .getHandle('finetune-slow')
        .describe()
        .then(
          (found) => found.status.name,
          () => null,
        );
    await expect.poll(status, { timeout: 60_000 }).toBe('RUNNING');
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await expect.poll(status, { timeout: 60_000 }).toBe('CANCELLED');
  });
});
