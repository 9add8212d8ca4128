import { type LabelShare, labelShares } from '../../../engine/data/label-plan.ts';
import { encodeTemplate } from '../../../engine/data/record-template.ts';
import { formatRecords, RECORDS_MEDIA_TYPE } from '../../../engine/data/records-file.ts';
import { randomStream } from '../../../engine/data/seeded-random.ts';
import { type GenerationRow, generate } from '../../../engine/language-model/generate.ts';
import { inBfloat16 } from '../../../engine/language-model/in-bfloat16.ts';
import { resolvePrecision } from '../../../engine/language-model/precision.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import { adaptedModel } from '../adapted-model.ts';
import type { JobContext } from '../job-context.ts';
import { loadModel } from '../load-model.ts';

/**
 * Generates one shard of a synthetic corpus, or of the base model's texts. Record i of the corpus has its own
 * public randomness from (seed, i): the shard's text does not depend on batches or attempts.
 */
export async function runSample(job: JobOf<'sample'>, context: JobContext): Promise<JobResult<'sample'>> {
  const { sampling, template, labels, shard, run } = job;
  const { store, onProgress, signal } = context;
  const precision = resolvePrecision(job.precision);
  const shares = labelShares({ labels, sampling, shard });
  const rows = rowsOf(shares, job.seed);
  onProgress({ phase: 'sample', step: 0, of: rows.length });
  const { model: base, source } = await loadModel(job.model);
  const written = await adaptedModel({ store, base, adapter: job.adapter });
  const model = precision === 'bfloat16' ? inBfloat16(written, { backward: false }) : written;
  const { prefix, stop } = encodeTemplate({ template, tokenizer: source.tokenizer });

  let tokens = 0;
  const loaded = performance.now();
  const texts = await generate({
    model,
    prefixes: shares.map(({ label }) => prefix(label)),
    rows,
    stop,
    settings: sampling,
    onStep(done) {
      tokens = done.tokens;
      const value = Math.round(tokens / ((performance.now() - loaded) / 1000));
      const rate = { value, unit: 'tokens/s' } as const;
      onProgress({ phase: 'sample', step: done.texts, of: rows.length, rate });
    },
    signal,
  });
  const records = texts.map((ids, row) => ({
    text: source.tokenizer.decode(ids).trim(),
    label: shares[rows[row].prefix].label,
  }));

  const corpus = await store.put({
    ...runLayout(run).shard(job.pool ? 'pool' : job.adapter === null ? 'zero-shot' : 'synthetic', shard),
    body: formatRecords(records),
    mediaType: RECORDS_MEDIA_TYPE,
    replace: true,
  });
  return {
    corpus,
    tokens,
  };
}

/** The records of a shard, each with the prefix of its label and randomness of its own. */
function rowsOf(shares: readonly LabelShare[], seed: number): GenerationRow[] {
  return shares.flatMap(({ first, count }, prefix) =>
    Array.from({ length: count }, (_, i) => ({
      prefix,
      uniform: randomStream({ seed, purpose: 'sample', index: first + i }),
    })),
  );
}
