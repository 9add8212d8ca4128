import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { Home } from './home.ts';
import { tail } from './tail.ts';

export type WorkerProcess = {
  /** Settles when the workers have exited for good: stopped, or crashed too often. */
  ended: Promise<void>;
  /** Lets the workers save their checkpoints and exit. `force` kills them and their compute at once. */
  stop: (params: { force: boolean }) => Promise<void>;
};

export const WORKER_ENTRY = fileURLToPath(new URL('../../workers/main.ts', import.meta.url));
export const TSX_ARGUMENTS = ['--import', import.meta.resolve('tsx')];

const READY_MS = 180_000;
const MAX_CRASHES = 5;

/**
 * Starts one process with the workers of every role for the given server, and waits until they poll. A
 * process that crashes is restarted, at most five times; the server's retries resume its work.
 */
export async function startWorkerProcess(params: {
  home: Home;
  /** Address of a plain server; null uses the settings of the environment. */
  address: string | null;
}): Promise<WorkerProcess> {
  const { home, address } = params;
  const log = join(home.logs, 'workers.log');
  let stopping = false;
  let child: ChildProcess | undefined;
  let polled = false;
  let failure: { type: ErrorType; message: string } | undefined;
  let onPolling = () => {};
  const ready = new Promise<void>((resolve) => {
    onPolling = () => {
      polled = true;
      resolve();
    };
  });

  const ended = (async () => {
    for (let crashes = 0; crashes <= MAX_CRASHES; crashes++) {
      // A process that failed before it polled would fail again.
      if (crashes > 0 && !polled) break;
      await sleep(500 * crashes);
      if (stopping) break;
      child = forkWorkers({ log, append: crashes > 0, address, storeUri: home.storeUri, home: home.folder });
      child.once('message', (message: { error?: { type: ErrorType; message: string } }) => {
        failure = message.error;
        if (failure === undefined) onPolling();
      });
      await new Promise((resolve) => child?.once('exit', resolve));
    }
  })();

  const worker: WorkerProcess = {
    ended,
    stop: async ({ force }) => {
      stopping = true;
      if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null)
        signalGroup(child.pid, force ? 'SIGKILL' : 'SIGTERM', force);
      await ended;
    },
  };
  const up = await Promise.race([
    ready.then(() => true),
    ended.then(() => false),
    sleep(READY_MS, false, { ref: false }),
  ]);
  if (up) return worker;
  await worker.stop({ force: true });
  if (failure !== undefined && failure.type !== ErrorType.Unexpected) throw new DpsynthError(failure);
  throw new DpsynthError({
    type: ErrorType.TemporalUnavailable,
    message: `The workers did not start. \`dpsynth doctor\` checks what they need. The end of their log, ${log}:\n${await tail(log)}`,
  });
}

function forkWorkers(params: {
  log: string;
  append: boolean;
  address: string | null;
  storeUri: string;
  home: string;
}): ChildProcess {
  const output = openSync(params.log, params.append ? 'a' : 'w');
  const child = fork(WORKER_ENTRY, ['control', 'cpu', 'gpu'], {
    // In a group of its own: Ctrl-C reaches only the CLI, which then stops the workers in order.
    detached: true,
    execArgv: TSX_ARGUMENTS,
    stdio: ['ignore', output, output, 'ipc'],
    env: {
      ...(params.address === null ? process.env : plainServer(process.env, params.address, params.home)),
      DPSYNTH_STORE: params.storeUri,
      DPSYNTH_HOME: params.home,
    },
  });
  closeSync(output);
  return child;
}

/** The environment without the settings of another cluster, whose profile, TLS and keys would not fit. */
function plainServer(env: NodeJS.ProcessEnv, address: string, home: string): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_CONFIG_FILE: join(home, 'no-profile.toml'),
  };
}

/** A killed worker cannot stop its compute child, so the whole group is killed. */
function signalGroup(pid: number, signal: NodeJS.Signals, group: boolean): void {
  try {
    process.kill(group ? -pid : pid, signal);
  } catch {
    // It has just exited by itself.
  }
}
