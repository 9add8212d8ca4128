import {
  CancellationScope,
  executeChild,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { expandSweep, type Variant } from '../schemas/expand-sweep.ts';
import type { SweepState } from '../schemas/sweep-state.ts';
import { control } from './activity-proxies.ts';
import { allOrCancel } from './all-or-cancel.ts';
import { experiment } from './experiment.ts';
import { runFailure, whyOf } from './failure.ts';
import { sweepState } from './queries.ts';
import { type SweepTracker, trackSweep } from './sweep-tracker.ts';

/**
 * Several variants of one experiment, each a child workflow and a run of its own. A variant that fails is a failed cell
 * of the result; a run of this name that has ended before is not run again.
 * Fails with InvalidConfig before anything has started, or VariantsFailed where more have failed than `maxFailed`.
 */
export async function sweep(input: unknown): Promise<SweepState> {
  const id = workflowInfo().workflowId;
  try {
    const { name, variants, concurrency, maxFailed } = expandSweep({ input, run: id });
    const tracker = trackSweep({ sweep: id, name, variants });
    setHandler(sweepState, () => tracker.state);
    const queue = [...variants];
    const lane = async () => {
      for (let variant = queue.shift(); variant !== undefined; variant = queue.shift()) {
        await runVariant(variant, tracker);
        if (maxFailed !== undefined) assertFewFailed(tracker.state, maxFailed);
      }
    };
    await allOrCancel(() => variants.slice(0, concurrency).map(lane));
    return tracker.state;
  } catch (error) {
    throw isCancellation(error) ? error : runFailure(error);
  }
}

async function runVariant(variant: Variant, tracker: SweepTracker): Promise<void> {
  const { run, config, name } = variant;
  tracker.started(variant);
  try {
    const ended = await control.findFinished.executeWithOptions(
      { activityId: `findFinished-${name}`, summary: `has ${run} ended before?` },
      [{ run, config }],
    );
    const result =
      ended ??
      (await executeChild(experiment, {
        workflowId: run,
        args: [config],
        parentClosePolicy: 'REQUEST_CANCEL',
        staticSummary: `Variant ${name} of ${tracker.state.sweep}`.slice(0, 190),
      }));
    tracker.done(variant, { result, earlier: ended !== null });
  } catch (error) {
    // The sweep's own cancellation ends it; that of one child, by hand, is only a failed cell.
    const isOver = CancellationScope.current().consideredCancelled;
    tracker.failed(variant, isOver ? 'cancelled with the sweep' : why(error, run));
    if (isOver) throw error;
  }
}

function why(error: unknown, run: string): string {
  return error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError'
    ? `a run ${run} is under way already; wait for its end, then start this sweep again under the same id`
    : whyOf(error);
}

function assertFewFailed({ cells }: SweepState, maxFailed: number): void {
  const failed = cells.filter(({ status }) => status === 'failed');
  if (failed.length > maxFailed)
    throw new DpsynthError({
      type: ErrorType.VariantsFailed,
      message: `${failed.length} of ${cells.length} variants failed, more than maxFailed (${maxFailed}):\n${failed
        .map((cell) => `${cell.name}: ${cell.why}`)
        .join('\n')}`,
    });
}
