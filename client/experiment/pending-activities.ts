import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { type Progress, progressSchema } from '../../schemas/jobs.ts';

/** An activity that is running or waiting, with the last progress that it reported. */
export type PendingActivity = {
  activityType: string;
  activityId: string;
  attempt: number;
  running: boolean;
  progress: Progress | null;
  lastFailure: string | null;
};

/** Returns the unfinished activities in the description of a run. */
export async function pendingActivities(params: {
  client: Client;
  description: WorkflowExecutionDescription;
}): Promise<PendingActivity[]> {
  const { client, description } = params;
  const found = description.raw.pendingActivities ?? [];
  return Promise.all(
    found.map(async (activity) => ({
      activityType: activity.activityType?.name ?? '',
      activityId: activity.activityId ?? '',
      attempt: activity.attempt ?? 1,
      running: activity.lastStartedTime != null && activity.state === STARTED,
      progress: await decodeProgress(client, activity.heartbeatDetails?.payloads),
      lastFailure: activity.lastFailure?.message ?? null,
    })),
  );
}

/** temporal.api.enums.v1.PendingActivityState.STARTED */
const STARTED = 2;

type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

async function decodeProgress(client: Client, payloads: Payloads): Promise<Progress | null> {
  const [details] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  const parsed = progressSchema.safeParse(details);
  return parsed.success ? parsed.data : null;
}
