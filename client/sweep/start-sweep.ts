import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { invalidConfig } from '../../schemas/errors.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { attributesOfSweep } from '../../schemas/search-attributes.ts';
import { type ExpandedSweep, expandSweep } from '../../schemas/sweep/expand-sweep.ts';
import type { SweepInput } from '../../schemas/sweep/sweep.ts';
import { sha256 } from '../../storage/digest.ts';
import { assertSize } from '../assert-size.ts';
import { registeredAttributes } from '../registered-attributes.ts';
import { createRunId } from '../run-id.ts';

export type StartedSweep = {
  sweep: string;
  expanded: ExpandedSweep;
  handle: WorkflowHandle;
  /** True if a sweep with this id was already running, and is followed instead. */
  joined: boolean;
};

/**
 * Validates a sweep with all its variants and starts it. With the id of a running sweep it joins that sweep,
 * and with the id of an ended sweep it runs the variants that are not done.
 * Throws InvalidConfig if a variant is not valid, or if a sweep with other settings is running with this id.
 */
export async function startSweep(params: {
  client: Client;
  config: SweepInput;
  /** @default a readable new id, see createRunId */
  id?: string;
}): Promise<StartedSweep> {
  const { client, config } = params;
  const sweep = params.id ?? createRunId({ name: config.name ?? 'sweep' });
  const expanded = expandSweep({ input: config, run: sweep });
  const settings = sha256(JSON.stringify(expanded));
  assertSize('The sweep', config);
  try {
    const handle = await client.workflow.start(WorkflowType.sweep, {
      taskQueue: TaskQueue.control,
      workflowId: sweep,
      args: [config],
      memo: { settings, name: expanded.name },
      typedSearchAttributes: await registeredAttributes(
        client,
        attributesOfSweep({ sweep, dataset: expanded.variants[0].config.corpus.source }),
      ),
      staticSummary: summarize(expanded),
    });
    return { sweep, expanded, handle, joined: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const handle = client.workflow.getHandle(sweep);
    const { memo } = await handle.describe();
    if (memo?.settings !== settings)
      throw invalidConfig(
        `A sweep or run with other settings is running as ${sweep}. Choose another id, or cancel that one first.`,
      );
    return { sweep, expanded, handle, joined: true };
  }
}

function summarize({ variants, search, concurrency }: ExpandedSweep): string {
  const what = search ? `${search.method} search of ${search.trials} trials` : `${variants.length} variants`;
  return `${what}, ${concurrency} at a time`;
}
