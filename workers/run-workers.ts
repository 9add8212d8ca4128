import { Client } from '@temporalio/client';
import type { NativeConnectionOptions, Worker } from '@temporalio/worker';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { ActivityDeps } from '../activities/activity-deps.ts';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { createWorker, type Role } from './create-worker.ts';
import { expireRuns } from './expire-runs.ts';

/** Polling workers. `done` resolves when all have shut down, and rejects when one has failed. */
export type RunningWorkers = { done: Promise<void>; shutdown: () => void };

/**
 * Runs a worker for each role in this process, on one connection. If one fails, the others are shut down. The
 * worker for the role control also destroys what expired unfinished runs have left. Throws
 * TemporalUnavailable if no server answers.
 */
export async function runWorkers(params: {
  roles: readonly Role[];
  connectionOptions: NativeConnectionOptions;
  namespace: string;
  deps: ActivityDeps;
}): Promise<RunningWorkers> {
  const { roles, connectionOptions, namespace, deps } = params;
  const connection = await connect(connectionOptions);
  let workers: Worker[];
  try {
    workers = await Promise.all(roles.map((role) => createWorker({ role, connection, namespace, deps })));
  } catch (error) {
    await connection.close();
    throw error;
  }
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) =>
    worker.run().catch((error) => {
      shutdown();
      throw error;
    }),
  );
  const stopExpiry = roles.includes('control')
    ? expireRuns({
        client: new Client({ connection, namespace }),
        store: deps.store,
        log: Runtime.instance().logger,
      })
    : () => {};
  const done = Promise.allSettled(runs).then(async (results) => {
    stopExpiry();
    await connection.close();
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
  return { done, shutdown };
}

async function connect(options: NativeConnectionOptions): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch (error) {
    throw new DpsynthError({
      type: ErrorType.TemporalUnavailable,
      message:
        `No Temporal server answers at ${options.address ?? 'localhost:7233'} (${(error as Error).name}). ` +
        'Start one, or set TEMPORAL_ADDRESS (or TEMPORAL_PROFILE) to one.',
      cause: error,
    });
  }
}
