import { spread } from '../../../../engine/data/spread.ts';
import type { CheckpointSource } from '../../../../engine/language-model/checkpoint-source.ts';
import { loadLanguageModel } from '../../../../engine/language-model/load-language-model.ts';
import { finiteMeasure, type Measure, notDefined } from '../../../../engine/metrics/measure.ts';
import { perplexity } from '../../../../engine/metrics/text/perplexity.ts';
import { encodeRecords } from '../../../../engine/training/encode-records.ts';
import { meanLoss } from '../../../../engine/training/mean-loss.ts';
import type { JobOf } from '../../../../schemas/jobs.ts';
import type { LabelledText } from '../../../../schemas/records.ts';
import { adaptedModel } from '../../adapted-model.ts';
import type { JobContext } from '../../job-context.ts';

/**
 * Perplexity of the texts under the model before fine-tuning, and of the real test records, behind the prefixes of their
 * labels, under the model that wrote the texts.
 */
export async function perplexities(params: {
  job: JobOf<'proxies'>;
  /** Of the model before fine-tuning. */
  checkpoint: CheckpointSource;
  real: readonly LabelledText[];
  synthetic: readonly string[];
  context: JobContext;
}): Promise<{ perplexity: Measure; realPerplexity: Measure }> {
  const { job, checkpoint, context } = params;
  const { store, onProgress, signal } = context;
  const count = job.settings.perplexityRecords;
  if (count === 0) {
    const off = notDefined('evaluation.proxies.perplexityRecords is 0');
    return { perplexity: off, realPerplexity: off };
  }
  const texts = spread(params.synthetic, count);
  onProgress({ phase: 'load the model', step: 0, of: texts.length });
  const base = await loadLanguageModel(checkpoint);
  const { tokenizer } = checkpoint;

  function* counted() {
    for (const [done, text] of texts.entries()) {
      signal.throwIfAborted();
      onProgress({ phase: 'perplexity of the texts', step: done, of: texts.length });
      yield text;
    }
  }
  const ofTexts = await perplexity({ model: base, tokenizer, texts: counted(), maxTokens: job.maxTokens });
  if (job.source === 'real')
    return { perplexity: finiteMeasure(ofTexts), realPerplexity: notDefined('no model wrote these texts') };

  const model = await adaptedModel({ store, base, adapter: job.adapter });
  const records = encodeRecords({
    records: spread(params.real, count),
    template: job.template,
    tokenizer,
    maxTokens: job.maxTokens,
    objective: 'prefix',
  });
  const { nats, tokens } = await meanLoss({
    model,
    records,
    onProgress: (done) => onProgress({ phase: 'perplexity of real text', step: done, of: records.length }),
    signal,
  });
  const ofReal = tokens === 0 ? notDefined('there is no real test record') : { value: Math.exp(nats) };
  return { perplexity: finiteMeasure(ofTexts), realPerplexity: finiteMeasure(ofReal) };
}
