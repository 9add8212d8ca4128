import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../client/connect.ts';
import { startExperiment } from '../../client/experiment/start-experiment.ts';
import { openSafetensors } from '../../engine/language-model/safetensors.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { startUp } from '../end-to-end/cli.ts';

const STEPS = 8;

let home: string;
let up: Awaited<ReturnType<typeof startUp>>;
let store: ArtifactStore;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-faults-'));
  up = await startUp(home);
  store = await openStore(pathToFileURL(join(home, 'artifacts')).href);
}, 180_000);

afterAll(async () => {
  await up?.stop();
  await rm(home, { recursive: true, force: true });
}, 90_000);

/** Processes whose command line names the script, in this test's own tree. */
function processes(script: string): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3] }] : []));
  const tree = new Set([up.pid]);
  // A parent may stand below its child in the list.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of rows) if (tree.has(parent)) tree.add(pid);
  }
  return rows.filter(({ pid, args }) => tree.has(pid) && args.includes(script)).map(({ pid }) => pid);
}

async function start(run: string, runKey: Buffer) {
  const tiny = JSON.parse(
    await readFile(fileURLToPath(new URL('../end-to-end/tiny.json', import.meta.url)), 'utf8'),
  );
  tiny.training = { ...tiny.training, steps: STEPS, expectedBatchSize: 24, checkpointEvery: 2 };
  // The second run is to train, not to take what the first has trained.
  tiny.cache = 'off';
  // The same secret for both runs: only then are their draws and noise the same.
  await store.put({
    area: 'private',
    key: `${run}/run.key`,
    body: runKey,
    mediaType: 'application/octet-stream',
  });
  const { client, close } = await connect({ address: up.address });
  await startExperiment({ client, config: parseExperiment(tiny), id: run });
  return { result: () => client.workflow.getHandle(run).result().finally(close) };
}

async function checkpoint(run: string): Promise<number> {
  const names = await store.list({ area: 'private', key: `${run}/checkpoints` });
  return Math.max(0, ...names.map((name) => Number(/(\d+)\.ckpt$/.exec(name)?.[1] ?? 0)));
}

async function diagnostics(run: string) {
  const bytes = await store.readKey({ area: 'private', key: `${run}/finetune-diagnostics.json` });
  return JSON.parse(String(bytes)) as { digests: unknown; curve: { step: number; drawn: number }[] };
}

async function adapterValues(run: string): Promise<number[]> {
  const file = await openSafetensors(join(home, 'artifacts', 'release', run, 'adapter.safetensors'));
  const tensors = await Promise.all(file.names.map((name) => file.read(name)));
  return tensors.flatMap(({ values }) => [...values]);
}

test('kill -9 of the compute child, then of the worker: same draws, noise and adapter, each step once', {
  timeout: 900_000,
}, async () => {
  const key = randomBytes(32);
  const undisturbed = await start('undisturbed', key);
  await undisturbed.result();

  const disturbed = await start('disturbed', key);
  await expect
    .poll(() => checkpoint('disturbed'), { timeout: 120_000, interval: 50 })
    .toBeGreaterThanOrEqual(2);
  for (const pid of processes('workers/compute/main.ts')) process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => checkpoint('disturbed'), { timeout: 120_000, interval: 50 })
    .toBeGreaterThanOrEqual(4);
  const workers = processes('workers/main.ts');
  expect(workers.length).toBeGreaterThan(0);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  await disturbed.result();

  const [one, other] = await Promise.all([diagnostics('undisturbed'), diagnostics('disturbed')]);
  expect(other.digests).toEqual(one.digests);
  expect(other.curve.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
  expect(other.curve.map(({ drawn }) => drawn)).toEqual(one.curve.map(({ drawn }) => drawn));
  const [expected, resumed] = await Promise.all([adapterValues('undisturbed'), adapterValues('disturbed')]);
  const distance = Math.hypot(...resumed.map((value, i) => value - expected[i])) / Math.hypot(...expected);
  expect(distance).toBeLessThan(1e-6);
  // The secret of a released run is gone.
  for (const run of ['undisturbed', 'disturbed'])
    expect(await store.readKey({ area: 'private', key: `${run}/run.key` })).toBeNull();
});
