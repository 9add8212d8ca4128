import { classifyRuns } from '../../../engine/classifier/classify-runs.ts';
import type { TextEncoder } from '../../../engine/classifier/text-encoder.ts';
import { parseRecords } from '../../../engine/data/records-file.ts';
import { openCheckpoint } from '../../../engine/language-model/load-model.ts';
import { scoreRow } from '../../../engine/metrics/score-row.ts';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import type { JobContext } from '../job-context.ts';
import { putScoreRow } from './put-score-row.ts';

/**
 * Trains the classifiers of one row, one a seed, on the given corpora, and scores them on the real test set. The row
 * goes to `private/<run>/scores/<source>.json`; predictions go nowhere.
 * Throws InvalidData where the training texts hold fewer than two labels, Interrupted on abort.
 */
export async function runClassify(
  job: JobOf<'classify'>,
  context: JobContext,
): Promise<JobResult<'classify'>> {
  const started = performance.now();
  const { source, labels, classifier, evaluation, seed } = job;
  const test = parseRecords(await context.store.read(job.test), 'the test records');
  const train: LabelledText[] = [];
  for (const ref of job.train)
    train.push(...parseRecords(await context.store.read(ref), 'the training records'));

  const { truth, trainingRecords, runs } = await classifyRuns({
    train,
    test,
    labels,
    encoder: await publicTextEncoder(job.model, classifier.embedding === 'language-model'),
    config: classifier,
    seeds: Array.from({ length: classifier.seeds }, (_, i) => seed * 1000 + i),
    onUpdate(done, of) {
      context.onProgress({ phase: `classify ${source}`, step: done, of });
      if (context.signal.aborted)
        throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Classifier training was stopped.' });
    },
  });
  const row = scoreRow({ source, trainingRecords, labels, truth, runs, evaluation, seed });
  return putScoreRow({ context, run: job.run, row, started });
}

/** The tokenizer, and where asked for the token embeddings, of the public language model before fine-tuning. */
async function publicTextEncoder(model: string, withEmbeddings: boolean): Promise<TextEncoder> {
  const { path } = await locateAsset({ asset: model });
  const { tokenizer, locate, read } = await openCheckpoint(path);
  const encoder = { encode: tokenizer.encode, vocabularySize: tokenizer.vocabulary };
  if (!withEmbeddings) return encoder;
  const { shape, values } = await read(locate('embedding').tensor);
  return { ...encoder, vocabularySize: shape[0], embeddings: { values, dims: shape[1] } };
}
