import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startSweep } from '../../client/sweep/start-sweep.ts';
import { sweepResult } from '../../client/sweep/sweep-result.ts';
import { median } from '../median.ts';
import { startInstantServer } from './instant-server.ts';

export type SweepBenchOptions = { trials: number; concurrency: number };

export type SweepBenchResult = {
  trials: number;
  concurrency: number;
  /** Of the whole sweep, by the number of trials: what a trial costs beside its computing. */
  secondsATrial: number;
  /** From the start to the end of one trial, the median. */
  medianTrialSeconds: number;
  /** Of the process with the client and all workers. */
  cpuSecondsATrial: number;
  /** Runs that the workflow was continued as, and the longest history among them. */
  runs: number;
  mostEvents: number;
  mostHistoryBytes: number;
  [more: string]: unknown;
};

/** A search whose trials compute nothing: all that is left is the orchestration. Throws an Error where a trial failed. */
export async function benchSweep({ trials, concurrency }: SweepBenchOptions): Promise<SweepBenchResult> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startInstantServer();
  try {
    const { client } = server.env;
    const begun = performance.now();
    const cpuBefore = process.cpuUsage();
    const { handle, sweep } = await startSweep({
      client,
      config: {
        experiment: server.experiment,
        search: {
          method: 'tpe',
          trials,
          space: { 'training.learningRate.peak': { low: 1e-4, high: 1, scale: 'log' } },
        },
        concurrency,
      },
    });
    const { cells } = await sweepResult(handle);
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const failed = cells.find(({ status }) => status !== 'done');
    if (failed !== undefined) throw new Error(`Trial ${failed.name} did not end well: ${failed.why}`);
    const lengths: number[] = [];
    const bytes: number[] = [];
    for await (const run of client.workflow.list({ query: `WorkflowId = "${sweep}"` })) {
      lengths.push(run.historyLength);
      bytes.push(run.historySize ?? 0);
    }
    return {
      trials: cells.length,
      concurrency,
      secondsATrial: seconds / cells.length,
      medianTrialSeconds: median(
        cells.map(({ startedAt, endedAt }) => (Date.parse(endedAt!) - Date.parse(startedAt!)) / 1000),
      ),
      cpuSecondsATrial: (user + system) / 1e6 / cells.length,
      runs: lengths.length,
      mostEvents: Math.max(...lengths),
      mostHistoryBytes: Math.max(...bytes),
    };
  } finally {
    await server.stop();
  }
}

/** The result for people. */
export function sweepText(result: SweepBenchResult): string {
  const { trials, concurrency, secondsATrial, medianTrialSeconds, cpuSecondsATrial } = result;
  const { runs, mostEvents, mostHistoryBytes } = result;
  return [
    `${trials} trials that compute nothing, ${concurrency} at a time`,
    `${secondsATrial.toFixed(3)} s a trial; from its start to its end ${medianTrialSeconds.toFixed(3)} s, the median`,
    `${cpuSecondsATrial.toFixed(3)} s of CPU a trial in the process of client and workers, without the server`,
    `${runs} run${runs === 1 ? '' : 's'} of the workflow, of at most ${mostEvents} events and ${(mostHistoryBytes / 1e6).toFixed(1)} MB`,
  ].join('\n');
}
