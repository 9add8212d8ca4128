import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { ComputeJob, JobResult } from '../../schemas/jobs.ts';
import type { ScoreRow } from '../../schemas/scores.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { createJobRunner } from '../../workers/compute/run-job.ts';

/** Learning rate at which the simulated score is best, and that best score. */
export const BEST = { learningRate: 0.02, accuracy: 0.9 };

/**
 * Returns results for the compute jobs of an experiment immediately and in this process, so that only the
 * orchestration of a run remains. The accuracy of the row synthetic depends on the learning rate, and passes
 * through adapter and texts like a real one.
 */
export function instantJobs(store: ArtifactStore): ReturnType<typeof createJobRunner> {
  const put = (run: string, name: string, lines: object[]) =>
    store.put({
      area: 'private',
      key: `${run}/${name}`,
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      mediaType: 'application/jsonl',
      replace: true,
    });
  const read = async (ref: ArtifactRef) => String(await store.read(ref));

  async function answer(job: ComputeJob): Promise<object> {
    const { run } = job;
    switch (job.kind) {
      case 'prepare': {
        const records = (name: string, count: number) =>
          put(
            run,
            name,
            Array.from({ length: count }, (_, i) => ({ text: `${i} of ${name}`, label: i % 2 ? 'a' : 'b' })),
          );
        const [train, test] = [await records('train.jsonl', 100), await records('test.jsonl', 5)];
        return { train, test, records: 100, testRecords: 5, units: '0'.repeat(32) };
      }
      case 'finetune': {
        const { peak } = job.training.learningRate;
        const accuracy = BEST.accuracy - 0.1 * Math.log10(peak / BEST.learningRate) ** 2;
        const adapter = await put(run, 'adapter.bin', [{ accuracy, steps: job.training.steps }]);
        const diagnostics = await put(run, 'diagnostics.json', [{ curve: [], microBatch: job.microBatch }]);
        return { adapter, diagnostics, steps: job.training.steps, trainableParameters: 10 };
      }
      case 'sample': {
        const { accuracy } = JSON.parse(await read(job.adapter!));
        const texts = job.labels.map((label) => ({ text: String(accuracy), label }));
        return { corpus: await put(run, `synthetic-${job.shard}.jsonl`, texts), tokens: 9 };
      }
      case 'classify': {
        const [line] = (await read(job.train[0])).split('\n');
        return {
          row: await put(run, `rows/${job.source}.json`, [rowOf(Number(JSON.parse(line).text))]),
        };
      }
      default:
        throw new Error(`No instant ${job.kind} job: leave it out of the experiment.`);
    }
  }

  return async <J extends ComputeJob>({ job }: { job: J }) => ({
    result: (await answer(job)) as JobResult<J['kind']>,
    cost: { seconds: 1, peakRssBytes: 1 },
  });
}

function rowOf(value: number): ScoreRow {
  const metrics = { accuracy: value, balancedAccuracy: value, macroF1: value };
  return {
    source: 'synthetic',
    trainingRecords: 2,
    seeds: [{ seed: 1, metrics }],
    mean: metrics,
    deviation: { accuracy: null, balancedAccuracy: null, macroF1: null },
    intervals: { accuracy: null, balancedAccuracy: null, macroF1: null },
    perClass: [
      { label: 'a', support: 2, precision: 0.5, recall: 0.5 },
      { label: 'b', support: 3, precision: 0.5, recall: 0.5 },
    ],
    confusion: [
      [1, 1],
      [1, 2],
    ],
  };
}
