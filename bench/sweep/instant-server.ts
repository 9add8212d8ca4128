import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { SweepInput } from '../../schemas/sweep/sweep.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { openStore } from '../../storage/open-store.ts';
import { ROLES } from '../../workers/create-worker.ts';
import { runWorkers } from '../../workers/run-workers.ts';
import { instantJobs } from './instant-jobs.ts';

export type InstantServer = {
  env: TestWorkflowEnvironment;
  store: ArtifactStore;
  /** Of a corpus that is there, with the stages that instant jobs have. */
  experiment: SweepInput['experiment'];
  stop: () => Promise<void>;
};

/** A Temporal server of its own with the three workers, a store on disk, and jobs that take no time. */
export async function startInstantServer(params: { serverArgs?: string[] } = {}): Promise<InstantServer> {
  const path = findTemporalExecutable();
  if (path === undefined) throw new Error('No Temporal server: npm run setup makes one.');
  const root = await mkdtemp(join(tmpdir(), 'dpsynth-instant-'));
  await writeFile(join(root, 'corpus.csv'), 'text,label\nx,a\ny,b\n');
  const store = await openStore(pathToFileURL(root).href);
  const env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, extraArgs: params.serverArgs },
  });
  const workers = await runWorkers({
    roles: ROLES,
    connectionOptions: { address: env.address },
    namespace: 'default',
    deps: {
      store,
      runJob: instantJobs(store),
      countTrainableParameters: async () => 10,
      countTokens: async ({ texts }) => texts.map((text) => text.length),
      jobVersion: async () => 'instant',
      codeVersion: 'dpsynth instant',
    },
  });
  return {
    env,
    store,
    experiment: {
      corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'], testSetIsPublic: true },
      template: { form: 'prefix', task: 'test' },
      training: { expectedBatchSize: 4, steps: 4 },
      sampling: { shards: 1 },
      evaluation: { baselines: [] },
    },
    stop: async () => {
      workers.shutdown();
      await workers.done;
      await env.teardown();
      await rm(root, { recursive: true, force: true });
    },
  };
}
