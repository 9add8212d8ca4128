import { classifyRuns } from '../../../engine/classifier/classify-runs.ts';
import { type ClassifierBudget, epsilonOfSeeds } from '../../../engine/classifier/plan-classifier.ts';
import type { TextEncoder } from '../../../engine/classifier/text-encoder.ts';
import { parseRecords } from '../../../engine/data/records-file.ts';
import { openCheckpoint } from '../../../engine/language-model/load-model.ts';
import { scoreRow } from '../../../engine/metrics/score-row.ts';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import type { ClassifierConfig } from '../../../schemas/settings/classifier.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import type { JobContext } from '../job-context.ts';
import { putScoreRow } from './put-score-row.ts';

/**
 * Trains the classifiers of one row, one a seed, on the given corpora, and scores them on the real test set. The row
 * goes to `private/<run>/scores/<source>.json`; predictions go nowhere. The row real-dp is trained on the private records
 * with DP, each seed at the run's epsilon and delta, and states what that spends.
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

  const { truth, trainingRecords, runs, plan } = await classifyRuns({
    train,
    test,
    labels,
    encoder: await publicTextEncoder(job.model, usesEmbeddings(classifier)),
    config: classifier,
    seeds: Array.from({ length: classifier.seeds }, (_, i) => seed * 1000 + i),
    budget: budgetOf(job),
    onUpdate(done, of) {
      context.onProgress({ phase: `classify ${source}`, step: done, of });
      if (context.signal.aborted)
        throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Classifier training was stopped.' });
    },
  });
  const privacy = plan === null ? undefined : { plan, epsilonOfSeeds: epsilonOfSeeds(plan, runs.length) };
  const row = scoreRow({ source, trainingRecords, privacy, labels, truth, runs, evaluation, seed });
  return putScoreRow({ context, run: job.run, row, started });
}

/** The row real-dp spends a budget on the private records; every other row is trained without privacy. */
function budgetOf({ source, privacy }: JobOf<'classify'>): ClassifierBudget | null {
  if (source !== 'real-dp') return null;
  if (privacy === undefined || privacy.epsilon === 'none')
    throw invalidConfig('The row real-dp needs an epsilon: without privacy it is the row real.');
  return { ...privacy, epsilon: privacy.epsilon };
}

function usesEmbeddings(classifier: ClassifierConfig): boolean {
  return classifier.kind === 'wordcnn' && classifier.embedding === 'language-model';
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
