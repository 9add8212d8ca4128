import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EVALUATIONS } from '../../schemas/evaluations/index.ts';
import type { ComputeJob, ComputeJobKind } from '../../schemas/jobs.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { createJobRunner } from './run-job.ts';

/** A child whose error says on what it would compute. */
const CHILD = `process.once('message', () => {
  const { DPSYNTH_DEVICE, CUDA_VISIBLE_DEVICES } = process.env;
  const error = { type: 'Unexpected', message: DPSYNTH_DEVICE + ' ' + CUDA_VISIBLE_DEVICES };
  process.send({ type: 'error', error }, () => process.exit());
});`;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'job-device-'));
  await writeFile(join(root, 'child.mjs'), CHILD);
  // As in a worker of GPU 3, which has given its own process to the CPU.
  vi.stubEnv('DPSYNTH_DEVICE', 'cpu');
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '3');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function deviceOf(kind: ComputeJobKind): Promise<string> {
  const runJob = createJobRunner({
    store: createFileStore({ root }),
    device: 'gpu',
    entry: join(root, 'child.mjs'),
  });
  const job = { kind } as ComputeJob;
  const running = runJob({ job, signal: new AbortController().signal, onProgress() {} });
  return running.then(String, (error: Error) => error.message);
}

/** Kinds of the evaluation stages whose activity is on this queue. */
const kindsOn = (queue: 'cpu' | 'gpu') =>
  Object.values(EVALUATIONS).flatMap((entry) =>
    'activity' in entry && entry.activity.queue === queue
      ? (Object.keys(entry.jobs) as ComputeJobKind[])
      : [],
  );

test.each(['finetune', 'sample', ...kindsOn('gpu')] as const)(
  '%s computes on the GPU of its worker',
  async (kind) => {
    expect(await deviceOf(kind)).toBe('gpu 3');
  },
);

test.each(['prepare', ...kindsOn('cpu')] as const)('%s leaves the GPU alone', async (kind) => {
  expect(await deviceOf(kind)).toMatch(/^cpu /);
});
