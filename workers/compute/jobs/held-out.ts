import { parseRecords } from '../../../engine/data/records-file.ts';
import { decodeAdapter } from '../../../engine/language-model/adapter-file.ts';
import { applyAdapter } from '../../../engine/language-model/apply-adapter.ts';
import { recordLosses } from '../../../engine/language-model/record-losses.ts';
import { encodeRecords } from '../../../engine/training/encode-records.ts';
import { cutMicroBatches } from '../../../engine/training/micro-batches.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { HeldOutLoss } from '../../../schemas/scores.ts';
import type { JobContext } from '../job-context.ts';
import { loadModel } from '../load-model.ts';

const BATCH = 16;

/** The loss of test texts behind the prefixes of their labels, whatever the objective of training was. */
export async function runHeldOut(
  job: JobOf<'held-out'>,
  context: JobContext,
): Promise<JobResult<'held-out'>> {
  const started = performance.now();
  const { run, adapter } = job;
  const { store, onProgress, signal } = context;
  onProgress({ phase: 'load the model', step: 0, of: job.records });
  const { model: base, source } = await loadModel(job.model);
  const model =
    adapter === null
      ? base
      : applyAdapter({
          model: base,
          ...decodeAdapter({ model: base.config, bytes: await store.read(adapter) }),
        });
  const test = parseRecords(await store.read(job.test), 'the test records').slice(0, job.records);
  const records = encodeRecords({
    records: test,
    template: job.template,
    tokenizer: source.tokenizer,
    maxTokens: job.maxTokens,
    objective: 'prefix',
  });
  const longest = records.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  let nats = 0;
  let done = 0;
  for (const batch of cutMicroBatches(records, { microBatch: BATCH, longest })) {
    signal.throwIfAborted();
    for (const loss of recordLosses({ model, records: batch })) nats += loss;
    done += batch.length;
    onProgress({ phase: 'held-out loss', step: done, of: records.length });
    await new Promise((resume) => setImmediate(resume));
  }
  const tokens = records.reduce((sum, { ids, prefixLength }) => sum + ids.length - prefixLength, 0);
  const mean = nats / tokens;
  const loss: HeldOutLoss = {
    nats: Number.isFinite(mean) ? mean : null,
    tokens,
    records: records.length,
  };
  return {
    loss: await store.put({
      area: 'private',
      key: `${run}/held-out-${adapter === null ? 'untuned' : 'tuned'}.json`,
      body: `${JSON.stringify(loss)}\n`,
      mediaType: 'application/json',
      replace: true,
    }),
    seconds: (performance.now() - started) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}
