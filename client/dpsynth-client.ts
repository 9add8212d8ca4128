import type { Client, WorkflowHandle } from '@temporalio/client';
import type { ExperimentInput } from '../schemas/experiment.ts';
import type { ExperimentResult } from '../schemas/experiment-state.ts';
import type { SweepInput } from '../schemas/sweep/sweep.ts';
import type { SweepState } from '../schemas/sweep/sweep-state.ts';
import { type Connected, connect } from './connect.ts';
import { experimentResult } from './experiment/experiment-result.ts';
import { type StageProgress, stageProgress } from './experiment/stage-progress.ts';
import { type StartedExperiment, startExperiment } from './experiment/start-experiment.ts';
import { type ExperimentView, lookAtExperiment, watchExperiment } from './experiment/watch-experiment.ts';
import { cancelExperiment } from './runs/cancel-experiment.ts';
import { findRun } from './runs/find-run.ts';
import { type ListedRun, listRuns } from './runs/list-runs.ts';
import { type StartedSweep, startSweep } from './sweep/start-sweep.ts';
import { sweepResult } from './sweep/sweep-result.ts';
import { lookAtSweep, type SweepView, watchSweep } from './sweep/watch-sweep.ts';

/** The state of a run, with the progress of its stages. */
export type ExperimentProgress = ExperimentView & { stages: StageProgress[] };

/**
 * Starts and follows experiments and sweeps in a Temporal namespace whose workers run elsewhere. Faults of
 * a run or its settings are thrown as a DpsynthError; what Temporal itself refuses is thrown as the error
 * of its SDK.
 */
export class DpsynthClient {
  readonly #client: Client;

  /** Uses an existing client of Temporal's SDK, with its data converter and interceptors. */
  constructor(params: { client: Client }) {
    this.#client = params.client;
  }

  /**
   * Opens a connection of its own, with the settings that `connect` reads; `close` ends it.
   * Throws TemporalUnavailable if nothing answers.
   */
  static async connect(
    params: Parameters<typeof connect>[0] = {},
  ): Promise<DpsynthClient & Pick<Connected, 'close'>> {
    const { client, close } = await connect(params);
    return Object.assign(new DpsynthClient({ client }), { close });
  }

  /** Starts an experiment. Throws InvalidConfig if the settings are not valid or the id is taken. */
  start(params: { config: ExperimentInput; id?: string }): Promise<StartedExperiment> {
    return startExperiment({ client: this.#client, ...params });
  }

  /** Waits for a run to end. Throws the error that failed it, or Interrupted if it was cancelled. */
  async result({ run }: { run: string }): Promise<ExperimentResult> {
    return experimentResult(await this.#find(run));
  }

  /** Looks at a run once, at any time, also after its end. Throws InvalidConfig if there is no such run. */
  async progress({ run }: { run: string }): Promise<ExperimentProgress> {
    const view = await lookAtExperiment(this.#client, await this.#find(run));
    return { ...view, stages: stageProgress(view) };
  }

  /** Calls `onProgress` about once a second until the run has ended, and once more with its last state. */
  async watch(params: {
    run: string;
    onProgress: (progress: ExperimentProgress) => void;
    signal?: AbortSignal;
  }): Promise<void> {
    const { run, onProgress, signal } = params;
    await watchExperiment({
      client: this.#client,
      handle: await this.#find(run),
      onView: (view) => onProgress({ ...view, stages: stageProgress(view) }),
      signal,
    });
  }

  /** Asks a run or a sweep to stop. It cleans up and ends as cancelled. Spent budget stays spent. */
  async cancel({ run }: { run: string }): Promise<void> {
    await this.#find(run);
    await cancelExperiment({ client: this.#client, run });
  }

  /** Lists experiments and sweeps, newest first. */
  list(params: { sweep?: string; limit?: number } = {}): Promise<ListedRun[]> {
    return listRuns({ client: this.#client, ...params });
  }

  /**
   * Starts a sweep, or joins the running sweep with this id. Throws InvalidConfig if a variant is not valid.
   */
  startSweep(params: { config: SweepInput; id?: string }): Promise<StartedSweep> {
    return startSweep({ client: this.#client, ...params });
  }

  /** Waits for a sweep to end. Throws the error that failed it, or Interrupted if it was cancelled. */
  async sweepResult({ sweep }: { sweep: string }): Promise<SweepState> {
    return sweepResult(await this.#find(sweep));
  }

  /** Looks at a sweep and its runs once. Throws InvalidConfig if there is no such sweep. */
  async sweepProgress({ sweep }: { sweep: string }): Promise<SweepView> {
    return lookAtSweep(this.#client, await this.#find(sweep));
  }

  /** Calls `onProgress` about once a second until the sweep has ended, and once more with its last state. */
  async watchSweep(params: {
    sweep: string;
    onProgress: (view: SweepView) => void;
    signal?: AbortSignal;
  }): Promise<void> {
    const { sweep, onProgress, signal } = params;
    await watchSweep({
      client: this.#client,
      handle: await this.#find(sweep),
      onView: onProgress,
      signal,
    });
  }

  async #find(run: string): Promise<WorkflowHandle> {
    return (await findRun({ client: this.#client, run })).handle;
  }
}
