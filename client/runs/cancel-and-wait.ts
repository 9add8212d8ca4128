import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { invalidConfig } from '../../schemas/errors.ts';
import { cancelExperiment } from './cancel-experiment.ts';
import { type FoundRun, findRun } from './find-run.ts';

export type CancelledRun = {
  run: string;
  type: FoundRun['type'];
  /** The sweep or the re-synthesis that started it. */
  parent: string | null;
};

/**
 * Asks an experiment, a sweep or a re-synthesis to stop, and waits until it has stopped, because its compute
 * may still save a checkpoint. Without running workers it waits for ever.
 * Throws InvalidConfig if nothing has this id, or if it has already ended or ends by itself meanwhile.
 */
export async function cancelAndWait(params: {
  client: Client;
  run: string;
  onAsked?: () => void;
}): Promise<CancelledRun> {
  const { client, run, onAsked = () => {} } = params;
  const { handle, type, description } = await findRun({ client, run });
  const status = description.status.name;
  if (status !== 'RUNNING')
    throw invalidConfig(
      `${run} has already ended (${status.toLowerCase().replaceAll('_', ' ')}), so there is nothing to cancel.`,
    );
  await cancelExperiment({ client, run });
  onAsked();
  if (await endsAsCancelled(handle))
    return { run, type, parent: description.parentExecution?.workflowId ?? null };
  throw invalidConfig(`${run} ended by itself before it could be cancelled.`);
}

async function endsAsCancelled(handle: WorkflowHandle): Promise<boolean> {
  try {
    await handle.result();
    return false;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return error.cause instanceof CancelledFailure;
  }
}
