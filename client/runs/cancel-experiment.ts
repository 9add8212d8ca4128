import type { Client } from '@temporalio/client';

/** Asks a run to stop. It cleans up and ends as cancelled. Spent budget stays spent. */
export async function cancelExperiment(params: { client: Client; run: string }): Promise<void> {
  await params.client.workflow.getHandle(params.run).cancel();
}
