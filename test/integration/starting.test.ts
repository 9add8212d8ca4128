import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DpsynthClient } from '../../client/dpsynth-client.ts';
import { anyFreePort } from '../../client/embedded/free-port.ts';
import { triggerSchedule } from '../../client/schedule/change-schedule.ts';
import { createSchedule } from '../../client/schedule/create-schedule.ts';
import { findPythonClient } from '../../deploy/setup/python-client.mjs';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { jsonSchema } from '../../schemas/json-schemas.ts';
import { SearchAttribute } from '../../schemas/search-attributes.ts';
import { endOf, openBrowser, openPage, startByForm } from '../end-to-end/temporal-page.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** All that the client may need of npm, and what it is compiled with. */
const PACKAGES = [
  ...['@temporalio/client', '@temporalio/common', '@temporalio/envconfig', 'zod', 'fft.js', 'nexus-rpc'],
  '@types/node',
];
const execute = promisify(execFile);

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let root: string;
let config: ExperimentInput;
let client: DpsynthClient;
let ui: string;

beforeAll(async () => {
  const uiPort = await anyFreePort();
  ui = `http://127.0.0.1:${uiPort}`;
  cluster = await startFakeCluster({ searchAttributes: Object.values(SearchAttribute), ui: true, uiPort });
  ({ env, root } = cluster);
  await writeFile(join(root, 'corpus.csv'), 'text,label\nx,a\ny,b\n');
  config = {
    name: 'starting',
    corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'], testSetIsPublic: true },
    template: { form: 'prefix', task: 'test' },
    training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
    sampling: { shards: 1 },
  };
  await writeFile(join(root, 'config.json'), JSON.stringify(config));
  client = new DpsynthClient({ client: env.client });
});

afterAll(() => cluster?.stop());

/** A program of its own that knows the server by its environment alone. */
function runProgram(command: string, args: string[], more: Record<string, string> = {}) {
  const { PATH, HOME } = process.env;
  return execute(command, args, { env: { PATH, HOME, TEMPORAL_ADDRESS: env.address, ...more } });
}

/** What both programs print, and the run that they name. */
function expectPrinted(stdout: string): string {
  expect(stdout).toMatch(/\b(prepare|plan|finetune|sample|zeroShot|classify|report)\b.*\d/);
  expect(stdout).toMatch(/Release: .*manifest\.json\n/);
  expect(stdout).toMatch(/synthetic: accuracy 0\.\d+/);
  return /^Run (\S+)$/m.exec(stdout)![1];
}

describe('a package of its own, with the packed tarball', { timeout: 240_000 }, () => {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  let consumer: string;

  beforeAll(async () => {
    const pack = ['run', '--silent', 'package', '--', '--silent', '--pack-destination', root];
    const { stdout } = await execute('npm', pack, { cwd: ROOT });
    consumer = join(root, 'consumer');
    const installed = join(consumer, 'node_modules', 'dpsynth');
    await mkdir(installed, { recursive: true });
    await execute('tar', ['-xzf', join(root, stdout.trim()), '-C', installed, '--strip-components=1']);
    for (const name of PACKAGES) {
      await mkdir(dirname(join(consumer, 'node_modules', name)), { recursive: true });
      await symlink(join(ROOT, 'node_modules', name), join(consumer, 'node_modules', name));
    }
    await writeFile(join(consumer, 'package.json'), JSON.stringify({ type: 'module' }));
    // Temporal's own types name a package that it does not bring.
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2023', strict: true },
      ...{ types: ['node'], skipLibCheck: true },
    };
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    await copyFile(join(ROOT, 'examples/start-experiment.ts'), join(consumer, 'start-experiment.ts'));
  });

  it('type-checks against it, and starts an experiment without tsx', async () => {
    await writeFile(
      join(consumer, 'wrong.ts'),
      `import { DpsynthClient } from 'dpsynth/client';
       const client = await DpsynthClient.connect();
       const template = { form: 'prefix' as const, task: 't' };
       // @ts-expect-error: no field of a corpus
       await client.start({ config: { corpus: { sauce: 'x', labels: ['a'] }, template } });
       // @ts-expect-error: a sweep has no such result
       (await client.sweepResult({ sweep: 's' })).release;
       import { dpsynthService } from 'dpsynth/nexus';
       // @ts-expect-error: no operation of the service
       dpsynthService.operations.runNothing;`,
    );
    await execute(process.execPath, [tsc, '-p', consumer]);
    const program = join(consumer, 'start-experiment.js');
    const { stdout } = await runProgram(process.execPath, [program, join(root, 'config.json')]);
    const run = expectPrinted(stdout);
    expect(await client.progress({ run })).toMatchObject({ status: 'COMPLETED', state: { run } });
  });

  it('finds the Nexus service in it', async () => {
    const print = "console.log((await import('dpsynth/nexus')).dpsynthService.name)";
    const args = ['--input-type=module', '--eval', print];
    const { stdout } = await execute(process.execPath, args, { cwd: consumer });
    expect(stdout).toBe('dpsynth\n');
  });

  it('finds the JSON Schemas in it', async () => {
    const path = 'dpsynth/schemas/experiment.json';
    const { stdout } = await execute(
      process.execPath,
      ['--input-type=module', '--eval', `console.log(import.meta.resolve('${path}'))`],
      { cwd: consumer },
    );
    const schema = JSON.parse(await readFile(fileURLToPath(stdout.trim()), 'utf8'));
    expect(schema).toEqual(JSON.parse(JSON.stringify(jsonSchema('experiment'))));
  });
});

describe.skipIf(findPythonClient() === undefined)('the example in Python', { timeout: 120_000 }, () => {
  const python = process.env.PYTHON || 'python3';
  const example = join(ROOT, 'examples/start_experiment.py');

  it('starts an experiment, shows where it stands and prints its result', async () => {
    const packages = { PYTHONPATH: findPythonClient()!, PYTHONUNBUFFERED: '1' };
    const { stdout } = await runProgram(python, [example, join(root, 'config.json')], packages);
    const run = expectPrinted(stdout);
    expect(await client.progress({ run })).toMatchObject({ status: 'COMPLETED', state: { run } });
    // Started without search attributes, it ran without them.
    expect(await client.list()).toContainEqual(expect.objectContaining({ run, stage: null }));
  });
});

describe('the UI and schedules', { timeout: 120_000 }, () => {
  it('start experiments on the server that the programs use', async () => {
    const browser = await openBrowser();
    try {
      const page = await openPage(browser);
      const run = 'from-the-form';
      await startByForm(page, { ui, run, type: 'experiment', input: JSON.stringify(config, null, 2) });
      expect(await endOf(page, { ui, run, timeout: 60_000 })).toBe('Completed');
      expect(await client.progress({ run })).toMatchObject({ status: 'COMPLETED', state: { run } });
    } finally {
      await browser.close();
    }
  });

  it('make a version when a schedule is triggered', async () => {
    const schedule = 'from-a-schedule';
    const rows = Array.from({ length: 100 }, (_, i) => `text ${i},${i % 2 ? 'a' : 'b'}\n`);
    await writeFile(join(root, 'records.csv'), `text,label\n${rows.join('')}`);
    const records = { ...config.corpus, source: join(root, 'records.csv') };
    await createSchedule({
      client: env.client,
      ...{ id: schedule, times: { every: '365d' }, config: { ...config, corpus: records } },
    });
    await triggerSchedule({ client: env.client, id: schedule });
    const run = `${schedule}-v1`;
    const status = () =>
      client.progress({ run }).then(
        (found) => found.status,
        () => null,
      );
    await expect.poll(status, { timeout: 60_000 }).toBe('COMPLETED');
  });
});

describe('the client', { timeout: 120_000 }, () => {
  it('lists a run with its stage, epsilon and score, and a private score not at all', async () => {
    await client.start({ config, id: 'public' });
    await client.start({
      config: { ...config, corpus: { ...config.corpus, testSetIsPublic: false } },
      id: 'private',
    });
    const { published } = await client.result({ run: 'public' });
    await client.result({ run: 'private' });
    const score = published?.rows.find(({ source }) => source === 'synthetic')?.mean.accuracy;
    expect(score).toBeGreaterThan(0);
    const about = { type: 'experiment', status: 'COMPLETED', stage: 'report', epsilon: 8, sweep: null };
    const listed = async (run: string) => (await client.list()).find((one) => one.run === run);
    await expect.poll(() => listed('public')).toMatchObject({ ...about, score });
    await expect.poll(() => listed('private')).toMatchObject({ ...about, score: null });
    const cli = join(ROOT, 'client/cli/dpsynth.mjs');
    const { stdout } = await runProgram(process.execPath, [cli, 'list', '--json']);
    expect(JSON.parse(stdout).runs).toContainEqual(expect.objectContaining({ run: 'public', score }));
    const { memo } = await env.client.workflow.getHandle('public').describe();
    expect(memo).toEqual({ name: 'starting', model: 'smollm2-135m' });
  });

  it('starts a sweep, and lists it with its variants', async () => {
    const variants = [{ name: 'plain' }, { name: 'open', set: { privacy: { epsilon: 'none' as const } } }];
    await client.startSweep({ config: { experiment: config, variants }, id: 'swept' });
    const { cells } = await client.sweepResult({ sweep: 'swept' });
    expect(cells.map(({ status }) => status)).toEqual(['done', 'done']);
    const byName = async () =>
      (await client.list({ sweep: 'swept' })).sort((a, b) => a.run.localeCompare(b.run));
    await expect.poll(byName).toMatchObject([
      { run: 'swept', type: 'sweep', status: 'COMPLETED', dataset: config.corpus.source },
      { run: 'swept-open', type: 'experiment', epsilon: null, sweep: 'swept' },
      { run: 'swept-plain', type: 'experiment', epsilon: 8, sweep: 'swept' },
    ]);
    expect(await client.sweepProgress({ sweep: 'swept' })).toMatchObject({ status: 'COMPLETED' });
  });

  it('cancels a run, whose result then is Interrupted', async () => {
    // A seed of its own: with that of the runs before it the step cache would have its stages.
    await client.start({ config: { ...config, seed: 7 }, id: 'finetune-slow' });
    await expect
      .poll(async () => (await client.progress({ run: 'finetune-slow' })).stages[2]?.status, {
        timeout: 60_000,
      })
      .toBe('running');
    await client.cancel({ run: 'finetune-slow' });
    await expect(client.result({ run: 'finetune-slow' })).rejects.toMatchObject({ type: 'Interrupted' });
  });

  it('says where there is no such run, and what is wrong with settings', async () => {
    const none = { type: 'InvalidConfig', message: 'There is no run or sweep nobody.' };
    await expect(client.progress({ run: 'nobody' })).rejects.toMatchObject(none);
    await expect(client.result({ run: 'nobody' })).rejects.toMatchObject(none);
    await expect(client.cancel({ run: 'nobody' })).rejects.toMatchObject(none);
    await expect(client.start({ config: { ...config, seed: -1 } })).rejects.toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringContaining('seed'),
    });
  });
});
