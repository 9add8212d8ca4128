import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { invalidConfig } from '../../schemas/errors.ts';
import { WorkflowType } from '../../schemas/names.ts';

export type FoundRun = {
  handle: WorkflowHandle;
  type: Exclude<WorkflowType, 'ledger'>;
  description: WorkflowExecutionDescription;
};

/**
 * Finds an experiment, a sweep or a re-synthesis by its id. Throws InvalidConfig if the server knows none.
 */
export async function findRun(params: { client: Client; run: string }): Promise<FoundRun> {
  const { client, run } = params;
  const handle = client.workflow.getHandle(run);
  try {
    const description = await handle.describe();
    if (isRun(description.type)) return { handle, type: description.type, description };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  throw invalidConfig(`There is no run or sweep ${run}.`);
}

/** A ledger is a workflow too, but not one that begins and ends. */
function isRun(type: string): type is FoundRun['type'] {
  return type in WorkflowType && type !== WorkflowType.ledger;
}
