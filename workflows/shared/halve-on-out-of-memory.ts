import { log } from '@temporalio/workflow';
import { ErrorType } from '../../schemas/errors.ts';
import { causeOf } from './failure.ts';

/**
 * Runs an activity with a physical batch. Each time it runs out of memory, retries with half the batch, down
 * to 1. Accounting and results do not depend on the physical batch.
 */
export async function halveOnOutOfMemory<T>(batch: number, run: (batch: number) => Promise<T>): Promise<T> {
  try {
    return await run(batch);
  } catch (error) {
    if (batch === 1 || causeOf(error)?.type !== ErrorType.OutOfMemory) throw error;
    const half = Math.floor(batch / 2);
    log.warn('Out of memory: retrying with half the physical batch', { batch, half });
    return halveOnOutOfMemory(half, run);
  }
}
