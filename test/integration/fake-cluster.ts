import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LocalTestWorkflowEnvironmentOptions, TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, type Logger, Runtime } from '@temporalio/worker';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { openStore } from '../../storage/open-store.ts';
import { startFakeWorkers } from './fake-worker.ts';

export type FakeCluster = {
  env: TestWorkflowEnvironment;
  /** A temporary folder for the store and corpora. */
  root: string;
  store: ArtifactStore;
  stop: () => Promise<void>;
};

/** A real Temporal server, with the workers and the compute children of the tests. */
export async function startFakeCluster(
  server: LocalTestWorkflowEnvironmentOptions['server'] = {},
  logger: Logger = new DefaultLogger('ERROR'),
): Promise<FakeCluster> {
  Runtime.install({ logger });
  const path = findTemporalExecutable();
  if (path === undefined) throw new Error('No Temporal server: npm run setup makes one.');
  const root = await mkdtemp(join(tmpdir(), 'dpsynth-integration-'));
  const env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, ...server },
  });
  const workers = await startFakeWorkers({ address: env.address, storeUri: pathToFileURL(root).href });
  return {
    ...{ env, root, store: await openStore(root) },
    stop: async () => {
      workers.shutdown();
      await workers.done;
      await env.teardown();
      await rm(root, { recursive: true, force: true });
    },
  };
}
