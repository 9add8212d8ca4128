import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** Written by the server and not by us; a fraction of a second looks like a score. */
const TIME_OF_DAY = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/**
 * All that the history of a workflow says but for its times, with payloads as the text that they are: base64
 * would hide what is looked for.
 */
export async function historyText(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string> {
  const payloads: string[] = [];
  const recorded = JSON.parse(historyToJSON(await handle.fetchHistory()), (key, value) => {
    if (key === 'data' && typeof value === 'string') payloads.push(Buffer.from(value, 'base64').toString());
    return typeof value === 'string' && TIME_OF_DAY.test(value) ? undefined : value;
  });
  return [JSON.stringify(recorded), ...payloads].join('\n');
}
