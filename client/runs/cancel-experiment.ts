import type { Client } from '@temporalio/client';

/** Asks a run to stop. It cleans up and ends as cancelled; what it has spent of the budget stays spent. */
export async function cancelExperiment(params: { client: Client; run: string }): Promise<void> {
  await params.client.workflow.getHandle(params.run).cancel();
}
