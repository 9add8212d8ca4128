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
 * Trains the classifiers of one row, one per seed, on the given corpora, and scores them on the real test
 * set. The row is written to `private/<run>/scores/<source>.json`, or to `<source>-<share>.json` for a share
 * of the texts. Its predictions are stored next to it and are just as private. The row real-dp is trained on
 * the private records with DP, each seed at the run's epsilon and delta, and states what that spends. Throws
 * InvalidData if the training texts have fewer than two labels, Interrupted on abort.
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
      // If private records decide when a training stops early, its number of updates reveals
      // something about them.
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
 * Returns the secret of each seed's training, derived from the run's secret. An attempt after a crash repeats
 * draws and noise, so it reveals nothing more. The secret depends on everything that determines the
 * gradients, as for fine-tuning.
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

/** The row real-dp spends budget on the private records. Every other row is trained without privacy. */
function budgetOf({ source, privacy }: JobOf<'classify'>): ClassifierBudget | null {
  if (source !== 'real-dp') return null;
  if (privacy === undefined || privacy.epsilon === 'none')
    throw invalidConfig('The row real-dp needs an epsilon: without privacy it would equal the row real.');
  return { ...privacy, epsilon: privacy.epsilon };
}
