import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '../connect.ts';
import { type Home, openHome } from './home.ts';
import { startTemporalServer } from './temporal-server.ts';
import { TSX_ARGUMENTS } from './worker-process.ts';

let folder: string;
let home: Home;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-restart-'));
  home = await openHome(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Another process that serves the home, and the address of its server. */
async function startHolder(): Promise<{ holder: ChildProcess; address: string }> {
  const script = `
    import { startTemporalServer } from ${JSON.stringify(new URL('./temporal-server.ts', import.meta.url).href)};
    const { address } = await startTemporalServer({ home: ${JSON.stringify(home)} });
    console.log(address);
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, [...TSX_ARGUMENTS, '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(holder.stdout!, 'data');
  return { holder, address: String(line).trim() };
}

/** The server of the home, and the guard that would stop it. */
function serving(): { server: number[]; guard: number[] } {
  const rows = execFileSync('ps', ['-eww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((row) => row.includes(`--db-filename ${home.database} `));
  const pids = (isGuard: boolean) =>
    rows.filter((row) => row.includes('server-guard') === isGuard).map((row) => Number.parseInt(row, 10));
  return { server: pids(false), guard: pids(true) };
}

async function startRun(address: string): Promise<void> {
  const { client, close } = await connect({ address });
  await client.workflow.start('nobody-serves-it', { taskQueue: 'none', workflowId: 'kept' });
  await close();
}

async function expectServed(address: string): Promise<void> {
  const { client, close } = await connect({ address });
  expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
  await client.workflow.start('nobody-serves-it', { taskQueue: 'none', workflowId: 'new' });
  await close();
}

async function modes(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('temporal.sqlite'));
  const found = await Promise.all(
    ['.', ...names].map(async (name) => {
      const { mode } = (await stat(join(folder, name)).catch(ifPresent)) ?? {};
      return mode === undefined ? [] : [[name, (mode & 0o777).toString(8)] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** A journal comes and goes with each transaction of the database. */
function ifPresent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

test('only its owner can read the database, even if an earlier version left it open', async () => {
  const first = await startTemporalServer({ home });
  await startRun(first.address);
  const isClosed = (found: Record<string, string>) => {
    const { '.': home, 'temporal.sqlite': database, ...beside } = found;
    expect([home, database]).toEqual(['700', '600']);
    expect(Object.values(beside).filter((mode) => mode !== '600')).toEqual([]);
  };
  isClosed(await modes());
  await first.stop();
  await chmod(folder, 0o755);
  for (const name of Object.keys(await modes()))
    if (name !== '.') await chmod(join(folder, name), 0o644).catch(ifPresent);
  const again = await startTemporalServer({ home });
  isClosed(await modes());
  await expectServed(again.address);
  await again.stop();
});

test('an immediate restart after kill -9 waits for the old server, and continues with its database', async () => {
  const { holder, address } = await startHolder();
  await startRun(address);
  const [old] = serving().server;
  // A server that takes its time: the guard has to kill it, after 5 seconds.
  process.kill(old, 'SIGSTOP');
  holder.kill('SIGKILL');
  const server = await startTemporalServer({ home });
  expect(serving().server).toHaveLength(1);
  expect(serving().server).not.toContain(old);
  await expectServed(server.address);
  await server.stop();
  expect(serving()).toEqual({ server: [], guard: [] });
});

test('a server whose guard was also killed is stopped', async () => {
  const { holder, address } = await startHolder();
  await startRun(address);
  const { server, guard } = serving();
  for (const pid of guard) process.kill(pid, 'SIGKILL');
  holder.kill('SIGKILL');
  await sleep(300);
  expect(serving()).toEqual({ server, guard: [] });
  const next = await startTemporalServer({ home });
  expect(serving().server).not.toEqual(server);
  await expectServed(next.address);
  await next.stop();
});
