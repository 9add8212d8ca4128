import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../schemas/artifact.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { openStore } from '../../storage/open-store.ts';
import { startFakeWorkers } from './fake-worker.ts';
import { HAS_S3_SERVER, type S3Server, startS3Server } from './s3-server.ts';

const INPUT: ExperimentInput = {
  name: 'on-s3',
  corpus: { source: 'somewhere.csv', labels: ['a', 'b'], testSetIsPublic: true },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
  sampling: { shards: 2 },
};

describe.skipIf(!HAS_S3_SERVER)('an experiment on S3', { timeout: 240_000 }, () => {
  let env: TestWorkflowEnvironment;
  let server: S3Server;
  let root: string;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const path = findTemporalExecutable();
    if (path === undefined) throw new Error('No Temporal server: npm run setup makes one.');
    root = await mkdtemp(join(tmpdir(), 'dpsynth-stores-'));
    server = await startS3Server();
    env = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path } },
    });
  });
  afterAll(async () => {
    await env?.teardown();
    await server?.stop();
    await rm(root, { recursive: true, force: true });
  });

  /** Digests of what a run of this id releases into a store. */
  async function release(storeUri: string, run: string): Promise<Record<string, string>> {
    const workers = await startFakeWorkers({ address: env.address, storeUri });
    try {
      const result: ExperimentResult = await env.client.workflow.execute(WorkflowType.experiment, {
        workflowId: run,
        taskQueue: TaskQueue.control,
        args: [INPUT],
      });
      const store = await openStore(storeUri);
      const { outputs } = manifestSchema.parse(JSON.parse(String(await store.read(result.release!))));
      for (const ref of Object.values(outputs)) expect(await store.holds(ref)).toBe(true);
      expect(await store.readKey({ area: 'private', key: `${run}/run.key` })).toBeNull();
      expect(await store.list({ area: 'private', key: `${run}/checkpoints` })).toEqual([]);
      return Object.fromEntries(Object.entries(outputs).map(([name, { sha256 }]) => [name, sha256]));
    } finally {
      workers.shutdown();
      await workers.done;
    }
  }

  it('releases what it releases on files, also through a fault of its compute', async () => {
    const run = 'same-finetune-kill-once';
    // A report and a card say when and where they were made.
    const { report: _r, card: _c, ...files } = await release(pathToFileURL(root).href, run);
    expect(Object.keys(files)).toContain('synthetic');
    expect(await release(server.uri('team/store'), run)).toMatchObject(files);
  });
});
