import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { SearchAttribute } from '../../schemas/search-attributes.ts';
import { findTemporalExecutable } from '../../storage/assets/temporal-executable.ts';
import { connect } from '../connect.ts';
import { endAbandonedServer } from './abandoned-server.ts';
import { closeToOthers } from './close-to-others.ts';
import { choosePort } from './free-port.ts';
import type { Home } from './home.ts';
import { tail } from './tail.ts';

export type TemporalServer = {
  address: string;
  uiUrl: string;
  /** Settles when the server has exited, for any reason. */
  exited: Promise<void>;
  stop: () => Promise<void>;
};

const START_MS = 30_000;
const SERVER_TYPE = { KEYWORD: 'Keyword', DOUBLE: 'Double' };
const GUARD = fileURLToPath(new URL('./server-guard.mjs', import.meta.url));

/**
 * Starts Temporal's development server with its UI, on SQLite in the home, and waits until it answers. It
 * exits with this process. A server that a killed process left on the database is stopped first.
 * Throws TemporalUnavailable if there is no executable or it does not start.
 */
export async function startTemporalServer(params: {
  home: Home;
  port?: number;
  uiPort?: number;
}): Promise<TemporalServer> {
  const { home } = params;
  const executable = findTemporalExecutable();
  if (executable === undefined)
    throw unavailable(
      'There is no `temporal` executable on PATH or in the cache. Run `npm run setup`, or set TEMPORAL_ADDRESS.',
    );
  await endAbandonedServer(home.database);
  await closeToOthers(home);
  const port = await choosePort({ asked: params.port, usual: 7233, option: '--port' });
  const uiPort = await choosePort({ asked: params.uiPort, usual: 8233, option: '--ui-port' });
  const log = join(home.logs, 'temporal.log');
  const output = openSync(log, 'w');
  const guard = fork(
    GUARD,
    [
      executable,
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--db-filename', home.database],
      ...['--port', String(port), '--ui-port', String(uiPort)],
      ...['--log-level', 'warn', '--log-format', 'json'],
      ...Object.values(SearchAttribute).flatMap(({ name, type }) => [
        '--search-attribute',
        `${name}=${SERVER_TYPE[type]}`,
      ]),
    ],
    { detached: true, execArgv: [], stdio: ['ignore', output, output, 'ipc'] },
  );
  closeSync(output);
  const exited = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  const server: TemporalServer = {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    exited,
    stop: async () => {
      if (guard.connected) guard.disconnect();
      await exited;
    },
  };
  const up = await Promise.race([waitUntilUp(server.address), exited.then(() => false)]);
  if (!up) {
    await server.stop();
    throw unavailable(
      `The embedded Temporal server did not start. The end of its log, ${log}:\n${await tail(log)}`,
    );
  }
  return server;
}

async function waitUntilUp(address: string): Promise<boolean> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(100)) {
    if (await isTemporalUp(address)) return true;
  }
  return false;
}

/** Whether a Temporal server with the default namespace answers at the address within a second. */
export async function isTemporalUp(address: string): Promise<boolean> {
  try {
    const { client, close } = await connect({ address, timeoutMs: 1000 });
    try {
      await client.withDeadline(Date.now() + 1000, () =>
        client.workflowService.describeNamespace({ namespace: 'default' }),
      );
      return true;
    } finally {
      await close();
    }
  } catch {
    return false;
  }
}

function unavailable(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.TemporalUnavailable, message });
}
