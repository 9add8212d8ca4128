import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/activity';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../schemas/artifact.ts';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import type { ComputeJob, Progress } from '../schemas/jobs.ts';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { createFileStore } from '../storage/file-store.ts';
import { createSampleShard } from './sample-shard.ts';

const ref: ArtifactRef = {
  uri: 'file:///x',
  keyedDigest: 'ab'.repeat(32),
  mediaType: 'application/jsonl',
};
const sampled = { corpus: ref, tokens: 9 };
const cost = { seconds: 7.125, peakRssBytes: 1 };
const config = parseExperiment({
  corpus: { source: 'x', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 't' },
});

let root: string;
let store: ArtifactStore;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-step-'));
  store = createFileStore({ root });
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Job = (
  job: ComputeJob,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
) => Promise<unknown>;

/** An activity over a made-up job, in a made-up activity context. */
function activity(job: Job) {
  const env = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const beats: unknown[] = [];
  env.on('heartbeat', (details) => beats.push(details));
  const sampleShard = createSampleShard({
    store,
    runJob: async ({ job: given, signal, onProgress }) => ({
      result: (await job(given, signal, onProgress)) as never,
      cost,
    }),
    countTrainableParameters: async () => 1,
    countTokens: async ({ texts }) => texts.map((text) => text.length),
    jobVersion: async () => 'test',
    codeVersion: 'test',
  });
  const run = (name: string, shard = 0) => env.run(sampleShard, { run: name, config, adapter: ref, shard });
  return { env, beats, run };
}

const failureOf = (result: Promise<unknown>) =>
  result.then(
    () => undefined,
    (error) => error,
  );

describe('an activity of one step', () => {
  it('sends a heartbeat immediately, before its job reports anything', async () => {
    const { beats, run } = activity(async () => sampled);
    await run('beats');
    expect(beats[0]).toEqual({ phase: 'entered', step: 0, of: 0 });
  });

  it('returns the stored result without the work, but not for another input', async () => {
    let jobs = 0;
    const { run } = activity(async () => {
      jobs++;
      return sampled;
    });
    expect(await run('kept')).toEqual(sampled);
    expect(await run('kept')).toEqual(sampled);
    expect(jobs).toBe(1);
    await run('kept', 1);
    expect(jobs).toBe(2);
  });

  it.each([
    [ErrorType.InvalidData, true],
    [ErrorType.NativeCrash, false],
    [ErrorType.StorageFull, false],
  ])('fails with %s, non-retryable: %s', async (type, nonRetryable) => {
    const { run } = activity(async () => {
      throw new DpsynthError({ type, message: 'said plainly' });
    });
    expect(await failureOf(run('typed'))).toMatchObject({ type, nonRetryable, message: 'said plainly' });
  });

  it('never repeats the message of an unexpected error', async () => {
    const { run } = activity(async () => {
      throw new RangeError('the patient is Ann');
    });
    const failure = await failureOf(run('secret'));
    expect(failure.type).toBe('Unexpected');
    expect(`${failure.message}${failure.stack}`).not.toContain('Ann');
  });

  const untilStopped: Job = (_job, signal) =>
    new Promise((_resolve, reject) => {
      const stop = () => reject(new DpsynthError({ type: ErrorType.Interrupted, message: 'stopped' }));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
    });

  it('is cancelled when a person cancels', async () => {
    const { env, run } = activity(untilStopped);
    const result = failureOf(run('cancelled'));
    env.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    expect(await result).toBeInstanceOf(CancelledFailure);
  });

  it('fails so that it is retried when its worker shuts down', async () => {
    const { env, run } = activity(untilStopped);
    const result = failureOf(run('shutdown'));
    env.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    expect(await result).toMatchObject({ type: 'Interrupted', nonRetryable: false });
  });
});
