import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** All that the history of a workflow says, with payloads as the text that they are: base64 would hide what is looked for. */
export async function historyText(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string> {
  const recorded = historyToJSON(await handle.fetchHistory());
  const payloads: string[] = [];
  JSON.parse(recorded, (key, value) => {
    if (key === 'data' && typeof value === 'string') payloads.push(Buffer.from(value, 'base64').toString());
    return value;
  });
  return [recorded, ...payloads].join('\n');
}
