import { labelIndices } from '../../../engine/data/records-file.ts';
import { mostCommon } from '../../../engine/metrics/most-common.ts';
import { scoreRow } from '../../../engine/metrics/score-row.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { JobContext } from '../job-context.ts';
import { putScoreRow } from './put-score-row.ts';
import { readRecords } from './read-records.ts';

/** The baseline that predicts the most common real training label always. Throws InvalidData without records. */
export async function runMajority(
  job: JobOf<'majority'>,
  context: JobContext,
): Promise<JobResult<'majority'>> {
  const { labels, evaluation, run, seed } = job;
  const [train, test] = await Promise.all(
    [job.train, job.test].map((ref) => readRecords(context.store, ref, 'the records')),
  );
  const truth = labelIndices(test, labels, 'the test records');
  const common = mostCommon(labelIndices(train, labels, 'the training records'), labels.length);
  const runs = [{ seed, predicted: new Int32Array(truth.length).fill(common) }];
  const row = scoreRow({
    source: 'majority',
    trainingRecords: train.length,
    labels,
    truth,
    runs,
    evaluation,
    seed,
  });
  return putScoreRow({ context, run, row, predictions: { truth, runs } });
}
