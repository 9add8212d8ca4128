import { labelShares } from '../../../engine/data/label-plan.ts';
import { renderPrefix, stopToken } from '../../../engine/data/record-template.ts';
import { formatRecords, RECORDS_MEDIA_TYPE } from '../../../engine/data/records-file.ts';
import { seededRandom } from '../../../engine/data/seeded-random.ts';
import { decodeAdapter } from '../../../engine/language-model/adapter-file.ts';
import { generate } from '../../../engine/language-model/generate.ts';
import type { Llama } from '../../../engine/language-model/llama.ts';
import { loraLayout, mergeLora } from '../../../engine/language-model/lora.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import type { JobContext } from '../job-context.ts';
import { loadModel } from '../load-model.ts';

/**
 * Generates one shard of a synthetic corpus, or of the un-tuned model's texts. Record i of the corpus has its own
 * public randomness from (seed, i): the shard's text does not depend on batches or attempts.
 */
export async function runSample(job: JobOf<'sample'>, context: JobContext): Promise<JobResult<'sample'>> {
  const started = performance.now();
  const { sampling, template, labels, shard, run } = job;
  const { store, onProgress, signal } = context;
  const shares = labelShares({ labels, sampling, shard });
  const of = shares.reduce((sum, { count }) => sum + count, 0);
  onProgress({ phase: 'sample', step: 0, of });
  const { model: base, source } = await loadModel(job.model);
  const model = job.adapter === null ? base : withAdapter(base, await store.read(job.adapter));
  const stop = source.tokenizer.special(stopToken(template));

  const records: LabelledText[] = [];
  let tokens = 0;
  for (const { label, first, count } of shares)
    for (let from = 0; from < count; from += sampling.batch) {
      const size = Math.min(sampling.batch, count - from);
      const done = records.length;
      const texts = await generate({
        model,
        prefix: source.tokenizer.encodeTemplate(renderPrefix({ template, label })),
        rows: Array.from({ length: size }, (_, i) => ({
          uniform: seededRandom(job.seed * 2 ** 32 + first + from + i),
        })),
        stop,
        maxTokens: sampling.maxTokens,
        sampling,
        onStep: (running) => onProgress({ phase: 'sample', step: done + size - running, of }),
        signal,
      });
      for (const ids of texts) {
        tokens += ids.length;
        records.push({ text: source.tokenizer.decode(ids).trim(), label });
      }
      onProgress({ phase: 'sample', step: records.length, of });
    }

  const corpus = await store.put({
    area: 'private',
    key: `${run}/${job.adapter === null ? 'zero-shot' : 'synthetic'}/${String(shard).padStart(5, '0')}.jsonl`,
    body: formatRecords(records),
    mediaType: RECORDS_MEDIA_TYPE,
    rows: records.length,
    replace: true,
  });
  return {
    corpus,
    tokens,
    seconds: (performance.now() - started) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function withAdapter(base: Llama, bytes: Buffer): Llama {
  const { adapter, values } = decodeAdapter({ model: base.config, bytes });
  return mergeLora(base, loraLayout(base.config, adapter), values);
}
