import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const RESTART_MS = 1000;

/** A process that is started again whenever it ends, as a service manager does it. */
export type Supervised = {
  /** Settles when the process as it runs now is ready to work. */
  ready: () => Promise<void>;
  /** False where it is being started again. */
  kill: (signal: NodeJS.Signals) => boolean;
  stop: () => Promise<void>;
};

export function supervise(params: {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** What it writes is added to this file. */
  log: string;
  /** True once the process is ready; asked until it is. */
  isReady: (output: string) => boolean | Promise<boolean>;
}): Supervised {
  const { command, args, env, log, isReady } = params;
  let child: ChildProcess | undefined;
  let output = '';
  let stopping = false;

  const ended = (async () => {
    while (!stopping) {
      const file = openSync(log, 'a');
      output = '';
      child = spawn(command, args, { env, stdio: ['ignore', 'pipe', file] });
      closeSync(file);
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
      await once(child, 'exit');
      if (!stopping) await sleep(RESTART_MS);
    }
  })();
  const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    ready: async () => {
      while (!stopping && !(isAlive() && (await isReady(output)))) await sleep(100);
    },
    kill: (signal) => isAlive() && child!.kill(signal),
    stop: async () => {
      stopping = true;
      if (isAlive()) child!.kill('SIGTERM');
      await ended;
    },
  };
}
