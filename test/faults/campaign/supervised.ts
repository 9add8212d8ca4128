import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const RESTART_MS = 1000;

/** A process that is restarted whenever it exits, as a service manager does. */
export type Supervised = {
  /** Resolves when the current process is ready to work. */
  ready: () => Promise<void>;
  /** False while it is being restarted. */
  kill: (signal: NodeJS.Signals) => boolean;
  stop: () => Promise<void>;
};

export function supervise(params: {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Its output is appended to this file. */
  log: string;
  /** Returns true once the process is ready; called until then. */
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
