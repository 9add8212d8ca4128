import { spread } from '../../../engine/data/spread.ts';
import { embeddingPrecisionRecall } from '../../../engine/metrics/embedding-precision-recall.ts';
import { mauveOverSeeds } from '../../../engine/metrics/proxies/mauve-over-seeds.ts';
import { textDistances, textDiversity } from '../../../engine/metrics/proxies/text-proxies.ts';
import type { CorpusProxies } from '../../../schemas/evaluations/proxies.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import type { JobContext } from '../job-context.ts';
import { openModel } from '../open-model.ts';
import { embedSides } from './proxies/embed-sides.ts';
import { perplexities } from './proxies/perplexities.ts';
import { readRecords, readTexts } from './read-records.ts';

/**
 * Compares the texts of one corpus with real test records, which no training has seen. The result goes to
 * `private/<run>/proxies/<source>.json`; texts and embeddings go nowhere. A number that is not defined says why.
 * Throws what the encoder or the model throws when it cannot be read, and the reason of an abort.
 */
export async function runProxies(job: JobOf<'proxies'>, context: JobContext): Promise<JobResult<'proxies'>> {
  const { source, settings, run } = job;
  const { store, onProgress } = context;
  const synthetic = spread(await readTexts(store, job.texts), settings.records);
  const real = spread(await readRecords(store, job.test, 'the test records'), settings.records);
  const texts = { real: real.map(textOf), synthetic: synthetic.map(textOf) };

  const embedded = await embedSides({ encoder: job.encoder, ...texts, context });
  onProgress({ phase: 'MAUVE', step: 0, of: 1 });
  const mauve = mauveOverSeeds({ ...embedded, settings: settings.mauve });
  const { precision, recall } = embeddingPrecisionRecall(embedded);

  onProgress({ phase: 'words and lengths', step: 0, of: 1 });
  const checkpoint = await openModel(job.model);
  const measured = (side: readonly string[]) => ({
    texts: side,
    tokens: side.map((text) => checkpoint.tokenizer.encode(text).length),
  });
  const distances = textDistances({ real: measured(texts.real), synthetic: measured(texts.synthetic) });
  const diversity = textDiversity(texts.synthetic);

  const { perplexity, realPerplexity } = await perplexities({
    job,
    checkpoint,
    real,
    synthetic: texts.synthetic,
    context,
  });
  const proxies: CorpusProxies = {
    source,
    records: synthetic.length,
    alone: { ...diversity, perplexity },
    againstReal: { records: real.length, mauve, precision, recall, ...distances, realPerplexity },
  };
  return {
    proxies: await store.putJson({
      ...runLayout(run).proxiesOf(source),
      value: proxies,
      indented: true,
      replace: true,
    }),
  };
}

function textOf({ text }: LabelledText): string {
  return text;
}
