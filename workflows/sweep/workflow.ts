import {
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  log,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { expandSweep } from '../../schemas/sweep/expand-sweep.ts';
import type { SweepState } from '../../schemas/sweep/sweep-state.ts';
import { control } from '../shared/activity-proxies.ts';
import { runFailure, whyOf } from '../shared/failure.ts';
import { sweepState } from './messages.ts';
import { searchTrials } from './search-trials.ts';
import { steerSweep } from './steering.ts';
import { type SweepTracker, trackSweep } from './tracker.ts';
import { inLanes, namedVariants } from './work.ts';

/**
 * Runs several variants of one experiment, each as a child workflow and a run of its own: named variants, or
 * the trials of a search. A variant that fails is a failed cell of the result. A run that ended earlier is
 * not run again. If the history becomes long, the sweep continues as a new run of the workflow from its last
 * state (`carried`). Fails with InvalidConfig before anything starts, or with VariantsFailed if more than
 * `maxFailed` variants fail.
 */
export async function sweep(input: unknown, carried?: SweepState): Promise<SweepState> {
  const id = workflowInfo().workflowId;
  try {
    const expanded = expandSweep({ input, run: id });
    const { search, variants, concurrency, maxFailed } = expanded;
    const tracker = trackSweep({ sweep: id, expanded, carried });
    setHandler(sweepState, () => tracker.state);
    const steering = steerSweep(tracker);
    // Unfinished sweeps of version 0.1.0 continue as they began.
    const isCurrent = patched('sweep-cost-and-continuing');
    const holdsBack = patched('release-after-the-sweep');
    const work = search
      ? searchTrials({ input, expanded, search, tracker, steering, holdsBack })
      : namedVariants({ variants, tracker, steering, holdsBack });
    await inLanes({
      work,
      concurrency,
      canWait: isCurrent,
      tracker,
      check: () => maxFailed !== undefined && assertFewFailed(tracker.state, maxFailed),
    });
    if (isCurrent && work.next() !== 'end') await continueAsNew<typeof sweep>(input, tracker.state);
    if (isCurrent) await account(tracker);
    if (holdsBack) await releaseAll(tracker);
    return tracker.state;
  } catch (error) {
    throw isCancellation(error) || error instanceof ContinueAsNew ? error : runFailure(error);
  }
}

/**
 * Computes what all trainings of the sweep cost together. All runs have ended by then, so a failure here does
 * not undo them.
 */
async function account({ state, show }: SweepTracker): Promise<void> {
  const runs = state.cells.filter(({ startedAt }) => startedAt !== null).map(({ run }) => run);
  try {
    const after = await control.accountSweep.executeWithOptions(
      { activityId: 'accountSweep', summary: `privacy cost of ${runs.length} runs` },
      [{ runs }],
    );
    show({ cost: { before: state.cost!.before, after } });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The privacy cost of the sweep could not be computed', { why: whyOf(error) });
  }
}

/**
 * Releases all runs. Whoever chooses among them has seen them all, so each states what all their
 * trainings cost together.
 */
async function releaseAll({ state, released }: SweepTracker): Promise<void> {
  const runs = state.cells.filter(({ status }) => status !== 'waiting').map(({ run }) => run);
  released(
    await control.releaseTrials.executeWithOptions(
      { activityId: 'releaseTrials', summary: `release of ${runs.length} runs` },
      [{ sweep: state.sweep, runs }],
    ),
  );
}

function assertFewFailed({ cells }: SweepState, maxFailed: number): void {
  const failed = cells.filter(({ status }) => status === 'failed');
  if (failed.length > maxFailed)
    throw new DpsynthError({
      type: ErrorType.VariantsFailed,
      message: `${failed.length} of ${cells.length} variants failed, which is more than maxFailed (${maxFailed}):\n${failed
        .map((cell) => `${cell.name}: ${cell.why}`)
        .join('\n')}`,
    });
}
