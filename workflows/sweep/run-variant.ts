import { CancellationScope, executeChild } from '@temporalio/workflow';
import { attributesOfRun } from '../../schemas/search-attributes.ts';
import type { Variant } from '../../schemas/sweep/expand-sweep.ts';
import { experiment } from '../experiment/workflow.ts';
import { control } from '../shared/activity-proxies.ts';
import { whyOf } from '../shared/failure.ts';
import { hasSearchAttributes } from '../shared/search-attributes.ts';
import type { SweepSteering } from './steering.ts';
import type { SweepTracker } from './tracker.ts';

/** Runs a variant as a child, unless its run has ended before, to a cell of the result. Throws only where the sweep is cancelled. */
export async function runVariant(params: {
  run: string;
  /** Throws where the settings are no experiment. */
  variant: () => Variant;
  tracker: SweepTracker;
  steering: SweepSteering;
  /** The run is released by the sweep, when all have ended. Not so in sweeps of version 0.1.0. */
  holdsBack: boolean;
}): Promise<void> {
  const { run, tracker, steering, holdsBack } = params;
  try {
    const { result, earlier } = await steering.stoppable(run, () =>
      resultOf(params.variant(), tracker, holdsBack),
    );
    tracker.done(run, { result, earlier });
  } catch (error) {
    // The sweep's own cancellation ends it; that of one child, by hand, is only a cell without a result.
    const isOver = CancellationScope.current().consideredCancelled;
    if (steering.wasStopped(run) && !isOver) tracker.stopped(run);
    else tracker.failed(run, isOver ? 'cancelled with the sweep' : why(error, run));
    if (isOver) throw error;
  }
}

async function resultOf({ run, config, name }: Variant, tracker: SweepTracker, holdsBack: boolean) {
  const ended = await control.findFinished.executeWithOptions(
    { activityId: `findFinished-${name}`, summary: `has ${run} ended before?` },
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
    ? `a run ${run} is under way already; wait for its end, then start this sweep again under the same id`
    : whyOf(error);
}
