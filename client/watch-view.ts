import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { z } from 'zod';

export type Watched<View> = {
  client: Client;
  handle: WorkflowHandle;
  onView: (view: View) => void;
  /** @default 1000 */
  intervalMs?: number;
  signal?: AbortSignal;
};

/** Looks at a workflow once. Whatever does not answer now stays as it was in `last`. */
export type Look<View> = (client: Client, handle: WorkflowHandle, last: View) => Promise<View>;

/**
 * If a worker was killed, the server first asks that worker through its sticky queue, and asks another only
 * after a timeout (3 s here, 10 s by default). With a shorter deadline the query would never be answered.
 */
const QUERY_MS = 15_000;

/**
 * Calls `onView` about once a second until the workflow has ended, then once more with its last state.
 * Returns the last view. If a worker or the server does not answer for a while, it keeps the last known
 * state and waits.
 */
export async function watchView<View extends { status: string }>(
  params: Watched<View> & { look: Look<View>; unseen: View },
): Promise<View> {
  const { client, handle, onView, intervalMs = 1000, signal, look, unseen } = params;
  let view = unseen;
  while (!signal?.aborted) {
    view = await look(client, handle, view);
    onView(view);
    if (view.status !== 'RUNNING') break;
    await sleep(intervalMs, undefined, { signal }).catch(() => {});
  }
  return view;
}

/**
 * The answer of a workflow to a query, or null if no worker holds the workflow: it is starting,
 * restarting or gone.
 */
export async function queryState<State>(params: {
  client: Client;
  handle: WorkflowHandle;
  query: string;
  schema: z.ZodType<State>;
}): Promise<State | null> {
  const { client, handle, query, schema } = params;
  try {
    return schema.parse(await client.withDeadline(Date.now() + QUERY_MS, () => handle.query(query)));
  } catch {
    return null;
  }
}

/** What the server knows of a workflow. Throws if it does not answer within 5 s. */
export function describe(client: Client, handle: WorkflowHandle) {
  return client.withDeadline(Date.now() + 5000, () => handle.describe());
}
