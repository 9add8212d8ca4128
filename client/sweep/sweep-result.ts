import type { WorkflowHandle } from '@temporalio/client';
import { type SweepState, sweepStateSchema } from '../../schemas/sweep/sweep-state.ts';
import { toDpsynthError } from '../experiment/experiment-errors.ts';

/** Waits for a sweep to end. Throws InvalidConfig, VariantsFailed, or Interrupted if it was cancelled. */
export async function sweepResult(handle: WorkflowHandle): Promise<SweepState> {
  try {
    return sweepStateSchema.parse(await handle.result());
  } catch (error) {
    throw toDpsynthError(error);
  }
}
