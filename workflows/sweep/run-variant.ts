import { CancellationScope, executeChild } from '@temporalio/workflow';
import { attributesOfRun } from '../../schemas/search-attributes.ts';
import type { Variant } from '../../schemas/sweep/expand-sweep.ts';
import { experiment } from '../experiment/workflow.ts';
import { control } from '../shared/activity-proxies.ts';
import { whyOf } from '../shared/failure.ts';
import { hasSearchAttributes } from '../shared/search-attributes.ts';
import type { SweepSteering } from './steering.ts';
import type { SweepTracker } from './tracker.ts';

/**
 * Runs a variant as a child, unless its run ended earlier, and records its cell. Throws only if the
 * sweep is cancelled.
 */
export async function runVariant(params: {
  run: string;
  /** Throws if the settings are not a valid experiment. */
  variant: () => Variant;
  tracker: SweepTracker;
  steering: SweepSteering;
  /** The sweep releases the run when all runs have ended. False in sweeps of version 0.1.0. */
  holdsBack: boolean;
}): Promise<void> {
  const { run, tracker, steering, holdsBack } = params;
  try {
    const { result, earlier } = await steering.stoppable(run, () =>
      resultOf(params.variant(), tracker, holdsBack),
    );
    tracker.done(run, { result, earlier });
  } catch (error) {
    // Cancelling the sweep ends it. Cancelling one child by hand only leaves a cell without a result.
    const isOver = CancellationScope.current().consideredCancelled;
    if (steering.wasStopped(run) && !isOver) tracker.stopped(run);
    else tracker.failed(run, isOver ? 'cancelled with the sweep' : why(error, run));
    if (isOver) throw error;
  }
}

async function resultOf({ run, config, name }: Variant, tracker: SweepTracker, holdsBack: boolean) {
  const ended = await control.findFinished.executeWithOptions(
    { activityId: `findFinished-${name}`, summary: `check whether ${run} ended earlier` },
    [{ run, config }],
  );
  const result =
    ended ??
    (await executeChild(experiment, {
      workflowId: run,
      args: [holdsBack ? { ...config, trialOf: tracker.state.sweep } : config],
      parentClosePolicy: 'REQUEST_CANCEL',
      staticSummary: `Variant ${name} of ${tracker.state.sweep}`.slice(0, 190),
      ...(hasSearchAttributes()
        ? { typedSearchAttributes: attributesOfRun({ config, sweep: tracker.state.sweep }) }
        : {}),
    }));
  return { result, earlier: ended !== null };
}

function why(error: unknown, run: string): string {
  return error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError'
    ? `the run ${run} is already running; wait until it ends, then start this sweep again with the same id`
    : whyOf(error);
}
