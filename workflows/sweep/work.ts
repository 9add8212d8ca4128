import { condition, workflowInfo } from '@temporalio/workflow';
import type { Variant } from '../../schemas/sweep/expand-sweep.ts';
import { allOrCancel } from '../shared/all-or-cancel.ts';
import { runVariant } from './run-variant.ts';
import type { SweepSteering } from './steering.ts';
import type { SweepTracker } from './tracker.ts';

/** The work of a sweep: the next piece, 'wait' until another has ended, or 'end'. */
export type SweepWork = { next: () => (() => Promise<void>) | 'wait' | 'end' };

/** Returns the waiting variants, in their order. */
export function namedVariants(params: {
  variants: readonly Variant[];
  tracker: SweepTracker;
  steering: SweepSteering;
  holdsBack: boolean;
}): SweepWork {
  const { variants, tracker, steering, holdsBack } = params;
  const isWaiting = (run: string) =>
    tracker.state.cells.some((cell) => cell.run === run && cell.status === 'waiting');
  return {
    next: () => {
      const variant = variants.find(({ run }) => isWaiting(run));
      if (variant === undefined) return 'end';
      const { run } = variant;
      return () => {
        tracker.started(run);
        return runVariant({ run, variant: () => variant, tracker, steering, holdsBack });
      };
    },
  };
}

/**
 * Does the work in `concurrency` lanes, until it is finished or the history is so long that the workflow
 * should continue as a new run; then no child is running. The first failure of a lane cancels the others.
 */
export async function inLanes(params: {
  work: SweepWork;
  concurrency: number;
  /** False in sweeps of version 0.1.0, which can neither pause nor continue as a new run. */
  canWait: boolean;
  tracker: SweepTracker;
  /** Called after each piece; throws to end the sweep. */
  check: () => void;
}): Promise<void> {
  const { work, concurrency, canWait, tracker, check } = params;
  const lane = async () => {
    for (;;) {
      if (canWait) await condition(() => tracker.state.paused !== true && work.next() !== 'wait');
      if (canWait && workflowInfo().continueAsNewSuggested) return;
      const piece = work.next();
      if (typeof piece === 'string') return;
      await piece();
      check();
    }
  };
  await allOrCancel(() => Array.from({ length: concurrency }, lane));
}
