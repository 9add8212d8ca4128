import { isCancellation } from '@temporalio/workflow';
import { whyOf } from './failure.ts';

/**
 * Returns the result of `work`. If that fails, returns what `missing` makes of the reason, which is one line
 * fit for the report, so that the run goes on. Throws the cancellation of the run.
 */
export async function orMissing<T>(work: () => Promise<T>, missing: (why: string) => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) throw error;
    return missing(whyOf(error));
  }
}
