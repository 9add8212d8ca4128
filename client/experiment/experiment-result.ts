import type { WorkflowHandle } from '@temporalio/client';
import { type ExperimentResult, experimentResultSchema } from '../../schemas/experiment-state.ts';
import { toDpsynthError } from './experiment-errors.ts';

/** Waits for a run to end. Throws the DpsynthError that failed it, or Interrupted if it was cancelled. */
export async function experimentResult(handle: WorkflowHandle): Promise<ExperimentResult> {
  try {
    return experimentResultSchema.parse(await handle.result());
  } catch (error) {
    throw toDpsynthError(error);
  }
}
