import { CancellationScope } from '@temporalio/workflow';

/**
 * Like Promise.all, but the first failure cancels the others and waits for them, so no activity
 * outlives its run.
 */
export async function allOrCancel<T>(start: () => Promise<T>[]): Promise<T[]> {
  return CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const running = start();
    try {
      return await Promise.all(running);
    } catch (error) {
      scope.cancel();
      await Promise.allSettled(running);
      throw error;
    }
  });
}
