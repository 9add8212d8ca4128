import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type Connected, connect } from '../../../client/connect.ts';
import { anyFreePort } from '../../../client/embedded/free-port.ts';
import { isTemporalUp } from '../../../client/embedded/temporal-server.ts';
import { TSX_ARGUMENTS, WORKER_ENTRY } from '../../../client/embedded/worker-process.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { findTemporalExecutable } from '../../../storage/assets/temporal-executable.ts';
import { openStore } from '../../../storage/open-store.ts';
import { endMarked, markedEnvironment, markedProcesses } from './marked-processes.ts';
import { type Supervised, supervise } from './supervised.ts';

export type Part = 'temporal' | 'control' | 'cpu' | 'gpu';
const ROLES = ['control', 'cpu', 'gpu'] as const;

/**
 * A Temporal server on a database on disk, and a worker process for each role, each started again
 * when it ends.
 */
export type Cluster = {
  client: Client;
  store: ArtifactStore;
  /** What the environment of all its processes carries. */
  mark: string;
  kill: (part: Part, signal: NodeJS.Signals) => boolean;
  ready: () => Promise<void>;
  /** Ends all of it in order, and gives the processes that are there even so. */
  stop: () => Promise<number[]>;
};

/** From the end of the workers to that of children whose worker was killed before. */
const LAST_CHILD_MS = 10_000;

/** Starts a cluster in the folder. Throws an Error where there is no Temporal executable. */
export async function startCluster(params: {
  folder: string;
  storeUri: string;
  mark: string;
}): Promise<Cluster> {
  const { folder, storeUri, mark } = params;
  const executable = findTemporalExecutable();
  if (executable === undefined) throw new Error('No Temporal server: npm run setup makes one.');
  await mkdir(folder, { recursive: true });
  const port = await anyFreePort();
  const address = `127.0.0.1:${port}`;
  const env = {
    ...markedEnvironment(mark),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_CONFIG_FILE: join(folder, 'no-profile.toml'),
    DPSYNTH_STORE: storeUri,
    DPSYNTH_HOME: folder,
  };
  const temporal = supervise({
    command: executable,
    args: [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
      ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'warn'],
    ],
    env,
    log: join(folder, 'temporal.log'),
    isReady: () => isTemporalUp(address),
  });
  await temporal.ready();
  const worker = (role: string) =>
    supervise({
      command: process.execPath,
      args: [...TSX_ARGUMENTS, WORKER_ENTRY, role],
      env,
      log: join(folder, `${role}.log`),
      isReady: (output) => output.includes('"ready":true'),
    });
  const parts: Record<Part, Supervised> = {
    temporal,
    ...{ control: worker('control'), cpu: worker('cpu'), gpu: worker('gpu') },
  };
  const ready = async () => {
    await Promise.all(Object.values(parts).map((part) => part.ready()));
  };
  await ready();
  const connected: Connected = await connect({ address });
  return {
    client: connected.client,
    store: await openStore(storeUri),
    mark,
    kill: (part, signal) => parts[part].kill(signal),
    ready,
    stop: async () => {
      await connected.close();
      await Promise.all(ROLES.map((role) => parts[role].stop()));
      await temporal.stop();
      for (let waited = 0; waited < LAST_CHILD_MS && (await markedProcesses(mark)).length > 0; waited += 100)
        await sleep(100);
      const left = await markedProcesses(mark);
      await endMarked(mark);
      return left;
    },
  };
}
