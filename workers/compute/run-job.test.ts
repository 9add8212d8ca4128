import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobOf, Progress } from '../../schemas/jobs.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { childEnvironment } from './child-environment.ts';
import { exitError } from './exit-error.ts';
import { createJobRunner } from './run-job.ts';

const entry = fileURLToPath(new URL('../../test/integration/fake-compute.ts', import.meta.url));
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-jobs-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function prepareJob(params: { store: string; run: string; source: string }): JobOf<'prepare'> {
  const { source, ...base } = params;
  const fields = { textField: 'text', labelField: 'label', labels: ['a', 'b'] };
  const corpus = { source, ...fields, testFraction: 0.2, testSetIsPublic: true };
  return { kind: 'prepare', ...base, seed: 1, corpus };
}

function start(run: string, options: { stallMs?: number; graceMs?: number; abortAfter?: number } = {}) {
  const store = createFileStore({ root });
  const runJob = createJobRunner({ store, entry, ...options });
  const abort = new AbortController();
  const progress: Progress[] = [];
  const job = prepareJob({ store: store.uri, run, source: 'x' });
  const result = runJob({
    job,
    signal: abort.signal,
    onProgress(at) {
      progress.push(at);
      if (progress.length === options.abortAfter) abort.abort();
    },
  });
  return { result, progress, abort };
}

/** Process ids of this process's own children that run the module, without a shell in between. */
async function childrenRunning(module: string): Promise<string[]> {
  const tasks = await readdir('/proc/self/task');
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')));
  const ids = lists.flatMap((list) => list.split(' ').filter((id) => id !== ''));
  const commands = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8')));
  return ids.filter((_, i) => commands[i].startsWith(process.execPath) && commands[i].includes(module));
}

describe('runJob', () => {
  it('gives back what the child answered, and what it took', async () => {
    const { result } = start('plain');
    const { result: answer, cost } = await result;
    expect(answer).toMatchObject({ records: 20, testRecords: 5 });
    expect(cost.seconds).toBeGreaterThan(0);
    expect(cost.peakRssBytes).toBeGreaterThan(2 ** 20);
  });

  it.each([
    ['prepare-kill', 'NativeCrash'],
    ['prepare-segfault', 'NativeCrash'],
    ['prepare-137', 'OutOfMemory'],
    ['prepare-full', 'StorageFull'],
  ])('says of %s: %s', async (run, type) => {
    await expect(start(run).result).rejects.toMatchObject({ type });
  });

  it('kills a child that says nothing for too long', async () => {
    await expect(start('prepare-hang', { stallMs: 2_000 }).result).rejects.toMatchObject({
      type: 'NoProgress',
    });
  });

  it('lets a child that is stopped save a checkpoint', async () => {
    const { result } = start('prepare-slow', { abortAfter: 3 });
    await expect(result).rejects.toMatchObject({
      type: 'Interrupted',
      message: 'Stopped after a checkpoint.',
    });
    expect(await readdir(join(root, 'private/prepare-slow/checkpoints'))).toEqual(['on-stop']);
  });

  it('kills a child that does not stop when told', async () => {
    const { result, abort } = start('prepare-deaf', { graceMs: 500 });
    setTimeout(() => abort.abort(), 2_000);
    await expect(result).rejects.toMatchObject({ type: 'Interrupted' });
  });

  it('lets no child write its memory to a core dump', async () => {
    const { result, progress, abort } = start('prepare-slow');
    await vi.waitUntil(() => progress.length > 0, { timeout: 50_000 });
    const [child] = await childrenRunning(entry);
    const limits = await readFile(`/proc/${child}/limits`, 'utf8');
    const filter = await readFile(`/proc/${child}/coredump_filter`, 'utf8');
    abort.abort();
    await expect(result).rejects.toMatchObject({ type: 'Interrupted' });
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(Number(filter)).toBe(0);
  });

  it('keeps private text out of errors, and the whole error and output in the private area', async () => {
    const error: Error = await start('prepare-secret').result.then(
      () => new Error('no error'),
      (error) => error,
    );
    expect(error).toMatchObject({ type: 'Unexpected' });
    expect(error.message).toMatch(/^TypeError at test\/integration\/fake-compute\.ts:\d+/);
    expect(`${error.message}${error.stack}`).not.toContain('Ann');
    const folder = join(root, 'private/prepare-secret');
    const [whole] = await readdir(join(folder, 'errors'));
    expect(await readFile(join(folder, 'errors', whole), 'utf8')).toContain('the patient is Ann');
    const [log] = await readdir(join(folder, 'logs'));
    expect(await readFile(join(folder, 'logs', log), 'utf8')).toContain('stderr says');
  });
});

describe('exitError', () => {
  const killed = { kind: 'sample', code: null, signal: 'SIGKILL', tail: '', log: undefined } as const;

  it('takes a SIGKILL for want of memory only where the kernel counts such a kill', () => {
    expect(exitError({ ...killed, killedForMemory: false }).type).toBe('NativeCrash');
    expect(exitError({ ...killed, killedForMemory: true }).type).toBe('OutOfMemory');
  });

  it('knows native code that found no memory from its last words', () => {
    const tail = "terminate called after throwing an instance of 'std::bad_alloc'";
    expect(exitError({ ...killed, signal: 'SIGABRT', tail, killedForMemory: false }).type).toBe(
      'OutOfMemory',
    );
  });
});

it('gives a child no credentials but those of S3, where its store is there', () => {
  const env = {
    PATH: '/bin',
    TEMPORAL_API_KEY: 's',
    AWS_SECRET_ACCESS_KEY: 's',
    OMP_NUM_THREADS: '2',
  };
  const needed = {
    PATH: '/bin',
    OMP_NUM_THREADS: '2',
    TF_CPP_MIN_LOG_LEVEL: '1',
    DPSYNTH_DEVICE: 'cpu',
  };
  const childOf = (store: string, source: string) =>
    childEnvironment({ env, device: 'cpu', job: prepareJob({ store, run: 'run', source }) });
  expect(childOf('file:///store', '/data/corpus.csv')).toEqual(needed);
  const withKey = { ...needed, AWS_SECRET_ACCESS_KEY: 's' };
  expect(childOf('s3://bucket/store', '/data/corpus.csv')).toEqual(withKey);
  expect(childOf('file:///store', 's3://bucket/corpus.csv')).toEqual(withKey);
  const job = prepareJob({ store: 'file:///store', run: 'run', source: '/data/corpus.csv' });
  const withTest = { ...job, corpus: { ...job.corpus, test: 's3://bucket/public.csv' } };
  expect(childEnvironment({ env, device: 'cpu', job: withTest })).toEqual(withKey);
});
