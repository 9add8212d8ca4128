import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRunSecret } from '../../activities/run-secret.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import type { CorpusProxies } from '../../schemas/proxies.ts';
import type { ScoreRow, ScoreSource } from '../../schemas/scores.ts';
import type { TuningSearch } from '../../schemas/tuning.ts';
import type { JobContext } from '../../workers/compute/job-context.ts';
import { runOpenVersion } from '../../workers/compute/jobs/open-version.ts';
import { runPrepare } from '../../workers/compute/jobs/prepare.ts';
import { serveJob } from '../../workers/compute/serve-job.ts';

const octets = { area: 'private', mediaType: 'application/octet-stream' } as const;

// A compute child for tests: real process, real store, no arithmetic. What goes wrong is written in the run's
// name: `<job>-<fault>` (fails always) or `<job>-<fault>-once` (fails until a marker stands in the store).
await serveJob({
  'open-version': async () => runOpenVersion,
  prepare: async () => async (job, context) => {
    await misbehave(job, context);
    const isReal = job.corpus.part !== undefined || basename(job.corpus.source).startsWith('real-');
    if (isReal) return runPrepare(job, context);
    const train = await records(context, `${job.run}/train.jsonl`, 20);
    const test = await records(context, `${job.run}/test.jsonl`, 5);
    const units = await context.store.keyedDigest({ purpose: 'units', text: job.corpus.source });
    return { train, test, records: 20, testRecords: 5, units: units.slice(0, 32) };
  },
  finetune: async () => async (job, context) => {
    await openRunSecret({ store: context.store, run: job.run });
    const first = await resumeFrom(job.run, context);
    for (let step = first; step <= 4; step++) {
      context.onProgress({ phase: 'finetune', step, of: 4 });
      await context.store.put({ ...octets, key: `${job.run}/checkpoints/step-${step}.bin`, body: `${step}` });
      if (step === Math.max(first, 2)) await misbehave(job, context);
    }
    if (job.run.endsWith('finetune-second-v2'))
      throw new DpsynthError({ type: ErrorType.DeadAdapter, message: 'The second one learns nothing.' });
    const adapter = await context.store.put({
      ...octets,
      key: `${job.run}/adapter.bin`,
      body: `resumed at ${first}`,
      replace: true,
    });
    const diagnostics = await context.store.put({
      ...octets,
      key: `${job.run}/diagnostics.json`,
      body: JSON.stringify({ curve: [], microBatch: job.microBatch }),
      replace: true,
    });
    return { adapter, diagnostics, steps: 4, trainableParameters: 10 };
  },
  sample: async () => async (job, context) => {
    await misbehave(job, context);
    const kind = job.adapter === null ? 'zero-shot' : 'synthetic';
    return {
      corpus: await records(context, `${job.run}/${kind}-${job.shard}.jsonl`, 3),
      tokens: 9,
    };
  },
  'held-out': async () => async (job, context) => {
    const loss = { nats: job.adapter === null ? 2.5 : 2.25, tokens: 9, records: job.records };
    return {
      loss: await context.store.put({
        area: 'private',
        mediaType: 'application/json',
        key: `${job.run}/held-out-${job.adapter === null}.json`,
        body: JSON.stringify(loss),
        replace: true,
      }),
    };
  },
  proxies: async () => async (job, context) => {
    if (job.run.includes(`${job.source}-proxies`))
      throw new DpsynthError({ type: ErrorType.InvalidData, message: 'No encoder reads this.' });
    const number = { value: 0.625 };
    const [mauve] = job.settings.mauve;
    const body: CorpusProxies = {
      source: job.source,
      records: 3,
      alone: { distinct1: number, distinct2: number, selfBleu: number, perplexity: number },
      againstReal: {
        records: 5,
        mauve: [{ ...mauve, mauve: { value: 0.375 }, deviation: null, frontierIntegral: number }],
        ...{ precision: number, recall: number, words: number, wordPairs: number },
        ...{ tokenLengths: number, characterLengths: number, realPerplexity: number },
      },
    };
    return {
      proxies: await context.store.put({
        area: 'private',
        mediaType: 'application/json',
        key: `${job.run}/proxies/${job.source}.json`,
        body: JSON.stringify(body),
        replace: true,
      }),
    };
  },
  classify: async () => async (job, context) => {
    await misbehave(job, context);
    if (job.run.includes(`${job.source}-row`))
      throw new DpsynthError({ type: ErrorType.InvalidData, message: 'Nothing to train on.' });
    return row(context, job.run, job.source, job.share);
  },
  majority: async () => async (job, context) => row(context, job.run, 'majority'),
  tune: async () => async (job, context) => {
    if (job.run.includes(`${job.source}-search`))
      throw new DpsynthError({ type: ErrorType.InvalidData, message: 'Nothing to search on.' });
    const body: TuningSearch = {
      source: job.source,
      seed: 1,
      trainingRecords: 6,
      scoredRecords: 5,
      searched: job.settings.map((settings, i) => ({
        settings,
        score: (job.source === 'synthetic' ? 10 - i : i) / 16,
      })),
      best: 0,
    };
    const search = await context.store.put({
      area: 'private',
      mediaType: 'application/json',
      key: `${job.run}/tuning/${job.source}.json`,
      body: JSON.stringify(body),
      replace: true,
    });
    return { search };
  },
});

function records(context: JobContext, key: string, rows: number) {
  const body = Array.from(
    { length: rows },
    (_, i) => `${JSON.stringify({ text: `text ${i} of ${key}`, label: i % 2 ? 'a' : 'b' })}\n`,
  );
  return context.store.put({
    area: 'private',
    key,
    body: body.join(''),
    mediaType: 'application/jsonl',
    replace: true,
  });
}

async function row(context: JobContext, run: string, source: ScoreSource, share = 1) {
  const metrics = { accuracy: 0.5, balancedAccuracy: 0.5, macroF1: 0.5 };
  const body: ScoreRow = {
    source,
    trainingRecords: Math.ceil(6 * share),
    seeds: [{ seed: 1, metrics }],
    mean: metrics,
    deviation: { accuracy: null, balancedAccuracy: null, macroF1: null },
    intervals: {
      accuracy: { low: 0.4, high: 0.6 },
      balancedAccuracy: { low: 0.4, high: 0.6 },
      macroF1: null,
    },
    perClass: [
      { label: 'a', support: 2, precision: 0.5, recall: 0.5 },
      { label: 'b', support: 3, precision: 0.5, recall: 0.5 },
    ],
    confusion: [
      [1, 1],
      [1, 2],
    ],
  };
  const row = await context.store.put({
    area: 'private',
    key: `${run}/rows/${source}-${share}.json`,
    body: JSON.stringify(body),
    mediaType: 'application/json',
    replace: true,
  });
  return { row };
}

async function resumeFrom(run: string, context: JobContext): Promise<number> {
  const kept = await context.store.list({ area: 'private', key: `${run}/checkpoints` });
  return kept.length + 1;
}

async function misbehave(job: ComputeJob, context: JobContext): Promise<void> {
  const fault = new RegExp(`${job.kind}-(kill|segfault|137|hang|slow|secret|memory|full|deaf)(-once)?`).exec(
    job.run,
  );
  if (fault === null) return;
  if (fault[2] !== undefined) {
    const marker = { area: 'private', key: `${job.run}/failed-once` } as const;
    if ((await context.store.readKey(marker)) !== null) return;
    await context.store.put({ ...marker, body: '', mediaType: 'text/plain' });
  }
  if (fault[1] === 'kill') process.kill(process.pid, 'SIGKILL');
  if (fault[1] === 'segfault') process.kill(process.pid, 'SIGSEGV');
  if (fault[1] === '137') process.exit(137);
  if (fault[1] === 'deaf') process.removeAllListeners('SIGTERM').on('SIGTERM', () => {});
  if (fault[1] === 'hang' || fault[1] === 'deaf') await sleep(3_600_000);
  if (fault[1] === 'full') throw new DpsynthError({ type: ErrorType.StorageFull, message: 'No room.' });
  if (fault[1] === 'memory' && job.kind === 'finetune' && job.microBatch > 2) process.exit(137);
  if (fault[1] === 'secret') {
    process.stderr.write('stderr says: the patient is Ann\n');
    throw new TypeError('cannot parse "the patient is Ann"');
  }
  for (let i = 0; fault[1] === 'slow' && i < 600; i++) {
    if (context.signal.aborted) {
      await context.store.put({ ...octets, key: `${job.run}/checkpoints/on-stop.bin`, body: '' });
      throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Stopped after a checkpoint.' });
    }
    context.onProgress({ phase: job.kind, step: i, of: 600 });
    await sleep(50);
  }
}
