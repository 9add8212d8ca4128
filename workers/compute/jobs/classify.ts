import { classifyRuns } from '../../../engine/classifier/classify-runs.ts';
import { type ClassifierBudget, epsilonOfSeeds } from '../../../engine/classifier/plan-classifier.ts';
import { firstShare } from '../../../engine/data/first-share.ts';
import { parseRecords } from '../../../engine/data/records-file.ts';
import { derivedSeed } from '../../../engine/data/seeded-random.ts';
import { scoreRow } from '../../../engine/metrics/score-row.ts';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { JobContext } from '../job-context.ts';
import { publicEncoder } from './public-text-encoder.ts';
import { putScoreRow } from './put-score-row.ts';
import { readTexts } from './read-texts.ts';

/**
 * Trains the classifiers of one row, one a seed, on the given corpora, and scores them on the real test set. The row
 * goes to `private/<run>/scores/<source>.json`, that of a share of the texts to `<source>-<share>.json`; its predictions
 * stand beside it, as private as it is. The row real-dp is trained on the private records with DP, each seed at the run's epsilon and delta, and states what that spends.
 * Throws InvalidData where the training texts hold fewer than two labels, Interrupted on abort.
 */
export async function runClassify(
  job: JobOf<'classify'>,
  context: JobContext,
): Promise<JobResult<'classify'>> {
  const started = performance.now();
  const { source, share, labels, classifier, evaluation, seed } = job;
  const test = parseRecords(await context.store.read(job.test), 'the test records');
  const texts = await readTexts(context.store, job.train);
  const train = share === undefined ? texts : firstShare({ texts, share, seed }).first;

  const { truth, trainingRecords, runs, plan } = await classifyRuns({
    train,
    test,
    labels,
    encoder: await publicEncoder(job),
    config: classifier,
    seeds: Array.from({ length: classifier.seeds }, (_, index) =>
      derivedSeed({ seed, purpose: 'classify', index }),
    ),
    budget: budgetOf(job),
    onUpdate(done, of) {
      context.onProgress({ phase: `classify ${source}`, step: done, of });
      if (context.signal.aborted)
        throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Classifier training was stopped.' });
    },
  });
  const privacy = plan === null ? undefined : { plan, epsilonOfSeeds: epsilonOfSeeds(plan, runs.length) };
  const row = scoreRow({ source, trainingRecords, privacy, labels, truth, runs, evaluation, seed });
  return putScoreRow({ context, run: job.run, row, share, predictions: { truth, runs }, started });
}

/** The row real-dp spends a budget on the private records; every other row is trained without privacy. */
function budgetOf({ source, privacy }: JobOf<'classify'>): ClassifierBudget | null {
  if (source !== 'real-dp') return null;
  if (privacy === undefined || privacy.epsilon === 'none')
    throw invalidConfig('The row real-dp needs an epsilon: without privacy it is the row real.');
  return { ...privacy, epsilon: privacy.epsilon };
}
