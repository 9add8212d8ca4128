import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRunSecret } from '../../activities/run-secret.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { CorpusProxies } from '../../schemas/evaluations/proxies.ts';
import type { TuningSearch } from '../../schemas/evaluations/tuning.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import { type Place, runLayout } from '../../schemas/run-layout.ts';
import type { ScoreRow, ScoreSource } from '../../schemas/scores.ts';
import type { JobContext } from '../../workers/compute/job-context.ts';
import { JOBS } from '../../workers/compute/job-table.ts';
import { runPrepare } from '../../workers/compute/jobs/prepare.ts';
import { serveJob } from '../../workers/compute/serve-job.ts';

const octets = { mediaType: 'application/octet-stream' };

// A compute child for tests: real process, real store, no arithmetic in the jobs below. What goes wrong is written in the run's name:
// `<job>-<fault>` (fails always) or `<job>-<fault>-once` (fails until a marker stands in the store).
await serveJob({
  ...JOBS,
  prepare: async () => async (job, context) => {
    await misbehave(job, context);
    const isReal = job.corpus.part !== undefined || basename(job.corpus.source).startsWith('real-');
    if (isReal) return runPrepare(job, context);
    const layout = runLayout(job.run);
    const train = await records(context, layout.train, 20);
    const test = await records(context, layout.test, 5);
    const units = await context.store.keyedDigest({ purpose: 'units', text: job.corpus.source });
    return { train, test, records: 20, testRecords: 5, units: units.slice(0, 32) };
  },
  finetune: async () => async (job, context) => {
    await openRunSecret({ store: context.store, run: job.run });
    const layout = runLayout(job.run);
    const first = await resumeFrom(job.run, context);
    for (let step = first; step <= 4; step++) {
      context.onProgress({ phase: 'finetune', step, of: 4 });
      const place = layout.checkpoint({ training: 'of-no-arithmetic', step });
      await context.store.put({ ...octets, ...place, body: `${step}` });
      if (step === Math.max(first, 2)) await misbehave(job, context);
    }
    if (job.run.endsWith('finetune-second-v2'))
      throw new DpsynthError({ type: ErrorType.DeadAdapter, message: 'The second one learns nothing.' });
    const adapter = await context.store.put({
      ...octets,
      ...layout.adapter.private,
      body: `resumed at ${first}`,
      replace: true,
    });
    const diagnostics = await context.store.putJson({
      ...layout.finetuneDiagnostics,
      value: { curve: [], microBatch: job.microBatch },
      replace: true,
    });
    return { adapter, diagnostics, steps: 4, trainableParameters: 10 };
  },
  sample: async () => async (job, context) => {
    await misbehave(job, context);
    const kind = job.pool ? 'pool' : job.adapter === null ? 'zero-shot' : 'synthetic';
    return {
      corpus: await records(context, runLayout(job.run).shard(kind, job.shard), 3),
      tokens: 9,
    };
  },
  select: async () => async (job, context) => {
    await misbehave(job, context);
    await openRunSecret({ store: context.store, run: job.run });
    const { selected, selectionSummary } = runLayout(job.run);
    const labels = job.labels.map((label) => ({ label, pool: 3, agreed: 0.5, kept: 1 }));
    return {
      corpus: await records(context, selected, 2),
      summary: await context.store.putJson({
        ...selectionSummary,
        value: { labelling: job.labelling, labels },
        replace: true,
      }),
    };
  },
  'held-out': async () => async (job, context) => {
    const loss = { nats: job.adapter === null ? 2.5 : 2.25, tokens: 9, records: job.records };
    return {
      loss: await context.store.putJson({
        ...runLayout(job.run).heldOut(job.adapter === null ? 'untuned' : 'tuned'),
        value: loss,
        replace: true,
      }),
    };
  },
  proxies: async () => async (job, context) => {
    if (job.run.includes(`${job.source}-proxies`))
      throw new DpsynthError({ type: ErrorType.InvalidData, message: 'No encoder reads this.' });
    const number = { value: 0.625 };
    const [mauve] = job.settings.mauve;
    const value: CorpusProxies = {
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
      proxies: await context.store.putJson({
        ...runLayout(job.run).proxiesOf(job.source),
        value,
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
    const value: TuningSearch = {
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
    const place = runLayout(job.run).search(job.source);
    return { search: await context.store.putJson({ ...place, value, replace: true }) };
  },
});

function records(context: JobContext, place: Place, rows: number) {
  const body = Array.from(
    { length: rows },
    (_, i) => `${JSON.stringify({ text: `text ${i} of ${place.key}`, label: i % 2 ? 'a' : 'b' })}\n`,
  );
  return context.store.put({
    ...place,
    body: body.join(''),
    mediaType: 'application/jsonl',
    replace: true,
  });
}

async function row(context: JobContext, run: string, source: ScoreSource, share?: number) {
  const metrics = { accuracy: 0.5, balancedAccuracy: 0.5, macroF1: 0.5 };
  const value: ScoreRow = {
    source,
    trainingRecords: Math.ceil(6 * (share ?? 1)),
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
  const place = runLayout(run).scoresOf(source, share).row;
  return { row: await context.store.putJson({ ...place, value, replace: true }) };
}

async function resumeFrom(run: string, context: JobContext): Promise<number> {
  const kept = await context.store.list(runLayout(run).checkpoints);
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
      const place = runLayout(job.run).checkpoint({ training: 'on-stop', step: 0 });
      await context.store.put({ ...octets, ...place, body: '' });
      throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Stopped after a checkpoint.' });
    }
    context.onProgress({ phase: job.kind, step: i, of: 600 });
    await sleep(50);
  }
}
