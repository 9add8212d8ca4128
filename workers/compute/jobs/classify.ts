import { classifyRuns } from '../../../engine/classifier/classify-runs.ts';
import { type ClassifierBudget, epsilonOfSeeds } from '../../../engine/classifier/plan-classifier.ts';
import { firstShare } from '../../../engine/data/first-share.ts';
import { derivedSeed } from '../../../engine/data/seeded-random.ts';
import { scoreRow } from '../../../engine/metrics/score-row.ts';
import { bindRunKey, type RunKey } from '../../../engine/privacy/run-key.ts';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import { sha256 } from '../../../storage/digest.ts';
import type { JobContext } from '../job-context.ts';
import { openRunKey } from '../run-key.ts';
import { publicEncoder } from './public-text-encoder.ts';
import { putScoreRow } from './put-score-row.ts';
import { readRecords, readTexts } from './read-records.ts';

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
  const { source, share, labels, classifier, evaluation, seed } = job;
  const test = await readRecords(context.store, job.test, 'the test records');
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
    ...(source === 'real-dp' ? { runKeyOf: await directRunKeys(job, context) } : {}),
    onUpdate(done, of) {
      // Where a training stops early by private records, the number of its updates says something of them.
      const isTold = source !== 'real' || classifier.earlyStopping === undefined;
      context.onProgress({ phase: `classify ${source}`, step: isTold ? done : 0, of });
      if (context.signal.aborted)
        throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Classifier training was stopped.' });
    },
  });
  const privacy = plan === null ? undefined : { plan, epsilonOfSeeds: epsilonOfSeeds(plan, runs.length) };
  const row = scoreRow({ source, trainingRecords, privacy, labels, truth, runs, evaluation, seed });
  return putScoreRow({ context, run: job.run, row, share, predictions: { truth, runs } });
}

/**
 * The secret of each seed's training, from the run's own: an attempt after a crash repeats draws and noise, so that it shows nothing
 * more. Bound to all that decides the gradients, as that of fine-tuning is.
 */
export async function directRunKeys(
  job: JobOf<'classify'>,
  { store }: JobContext,
): Promise<(seed: number) => RunKey> {
  const { run, model, labels, train, classifier, privacy } = job;
  const digests = train.map(({ keyedDigest }) => keyedDigest);
  const training = sha256(JSON.stringify({ model, labels, train: digests, classifier, privacy }));
  const key = await openRunKey({ store, run, training: `real-dp ${training}` });
  return (seed) => bindRunKey(key, `seed ${seed}`);
}

/** The row real-dp spends a budget on the private records; every other row is trained without privacy. */
function budgetOf({ source, privacy }: JobOf<'classify'>): ClassifierBudget | null {
  if (source !== 'real-dp') return null;
  if (privacy === undefined || privacy.epsilon === 'none')
    throw invalidConfig('The row real-dp needs an epsilon: without privacy it is the row real.');
  return { ...privacy, epsilon: privacy.epsilon };
}
