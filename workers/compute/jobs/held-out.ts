import { encodeRecords } from '../../../engine/training/encode-records.ts';
import { meanLoss } from '../../../engine/training/mean-loss.ts';
import type { HeldOutLoss } from '../../../schemas/evaluations/held-out.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import { adaptedModel } from '../adapted-model.ts';
import type { JobContext } from '../job-context.ts';
import { loadModel } from '../load-model.ts';
import { readRecords } from './read-records.ts';

/** The loss of test texts behind the prefixes of their labels, whatever the objective of training was. */
export async function runHeldOut(
  job: JobOf<'held-out'>,
  context: JobContext,
): Promise<JobResult<'held-out'>> {
  const { run, adapter } = job;
  const { store, onProgress, signal } = context;
  onProgress({ phase: 'load the model', step: 0, of: job.records });
  const { model: base, source } = await loadModel(job.model);
  const model = await adaptedModel({ store, base, adapter });
  const test = (await readRecords(store, job.test, 'the test records')).slice(0, job.records);
  const records = encodeRecords({
    records: test,
    template: job.template,
    tokenizer: source.tokenizer,
    maxTokens: job.maxTokens,
    objective: 'prefix',
  });
  const { nats, tokens } = await meanLoss({
    model,
    records,
    onProgress: (done) => onProgress({ phase: 'held-out loss', step: done, of: records.length }),
    signal,
  });
  const loss: HeldOutLoss = {
    nats: Number.isFinite(nats) ? nats : null,
    tokens,
    records: records.length,
  };
  return {
    loss: await store.putJson({
      ...runLayout(run).heldOut(adapter === null ? 'untuned' : 'tuned'),
      value: loss,
      replace: true,
    }),
  };
}
