import { labelShares } from '../../../engine/data/label-plan.ts';
import { promptsOf } from '../../../engine/data/prompt-plan.ts';
import { formatRecords, RECORDS_MEDIA_TYPE } from '../../../engine/data/records-file.ts';
import { collectTexts } from '../../../engine/data/synthetic-texts/collect-texts.ts';
import { createTextFilter } from '../../../engine/data/synthetic-texts/text-filter.ts';
import { inBfloat16 } from '../../../engine/language-model/in-bfloat16.ts';
import { resolvePrecision } from '../../../engine/language-model/precision.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import { adaptedModel } from '../adapted-model.ts';
import type { JobContext } from '../job-context.ts';
import { loadModel } from '../load-model.ts';
import { textWriter } from '../text-writer.ts';

/**
 * Generates one shard of a synthetic corpus, or of the base model's texts. Texts that the filter of the
 * settings removes are written anew; those that then fall away are missing. A shard's texts do not depend on
 * batches or on attempts of the job.
 */
export async function runSample(job: JobOf<'sample'>, context: JobContext): Promise<JobResult<'sample'>> {
  const { sampling, template, labels, shard, run } = job;
  const { store, onProgress, signal } = context;
  const precision = resolvePrecision(job.precision);
  const prompts = promptsOf({ template, shares: labelShares({ labels, sampling, shard }) });
  onProgress({ phase: 'sample', step: 0, of: prompts.length });
  const { model: base, source } = await loadModel(job.model);
  const written = await adaptedModel({ store, base, adapter: job.adapter });
  const model = precision === 'bfloat16' ? inBfloat16(written, { backward: false }) : written;

  /** Tokens drawn at each attempt to write the texts. */
  const tokens: number[] = [];
  const loaded = performance.now();
  const tokensInAll = () => tokens.reduce((a, b) => a + b, 0);
  const write = textWriter({
    job,
    model,
    tokenizer: source.tokenizer,
    onStep(done) {
      tokens[done.attempt] = done.tokens;
      const value = Math.round(tokensInAll() / ((performance.now() - loaded) / 1000));
      // How many texts are written anew follows from the texts: without DP that is no number for a heartbeat.
      const step = done.attempt === 0 ? done.texts : prompts.length;
      onProgress({ phase: 'sample', step, of: prompts.length, rate: { value, unit: 'tokens/s' } });
    },
    signal,
  });
  const { records, counts } = await collectTexts({
    prompts,
    write,
    filter: createTextFilter({ filter: sampling.filter, template }),
    retries: sampling.filter?.retries ?? 0,
  });

  const layout = runLayout(run);
  const name = job.pool ? 'pool' : job.adapter === null ? 'zero-shot' : 'synthetic';
  return {
    corpus: await store.put({
      ...layout.shard(name, shard),
      body: formatRecords(records),
      mediaType: RECORDS_MEDIA_TYPE,
      replace: true,
    }),
    counts: await store.putJson({ ...layout.shardCounts(name, shard), value: counts, replace: true }),
    tokens: tokensInAll(),
  };
}
