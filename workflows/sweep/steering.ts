import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import { ErrorType } from '../../schemas/errors.ts';
import { pause, resume, stopTrial } from './messages.ts';
import type { SweepTracker } from './tracker.ts';

export type SweepSteering = ReturnType<typeof steerSweep>;

/** Handles the updates of a sweep, and runs each variant so that it can be stopped alone. */
export function steerSweep(tracker: SweepTracker) {
  const { state } = tracker;
  const stopped = new Set<string>();
  const scopes = new Map<string, CancellationScope>();
  const find = (name: string) => state.cells.find((cell) => cell.name === name);

  setHandler(pause, () => tracker.show({ paused: true }), {
    validator: () => refuseIf(state.paused === true, 'The sweep is already paused.'),
  });
  setHandler(resume, () => tracker.show({ paused: false }), {
    validator: () => refuseIf(state.paused !== true, 'The sweep is not paused.'),
  });
  setHandler(
    stopTrial,
    (name) => {
      const { run, status } = find(name)!;
      if (status === 'waiting') tracker.stopped(run);
      stopped.add(run);
      scopes.get(run)?.cancel();
    },
    {
      validator: (name) => {
        const cell = find(name);
        refuseIf(cell === undefined, `The sweep has no variant ${JSON.stringify(name)} so far.`);
        const isOpen = cell?.status === 'waiting' || cell?.status === 'running';
        refuseIf(!isOpen, `${name} has already ended: ${cell?.status}.`);
      },
    },
  );

  return {
    wasStopped: (run: string) => stopped.has(run),

    /** Runs the work of one variant. Throws a CancelledFailure if it is stopped. */
    async stoppable<T>(run: string, work: () => Promise<T>): Promise<T> {
      const scope = new CancellationScope();
      scopes.set(run, scope);
      if (stopped.has(run)) scope.cancel();
      try {
        return await scope.run(work);
      } finally {
        scopes.delete(run);
      }
    },
  };
}

function refuseIf(isWrong: boolean, message: string): void {
  if (isWrong) throw ApplicationFailure.nonRetryable(message, ErrorType.InvalidConfig);
}
