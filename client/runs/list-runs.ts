import type { Client } from '@temporalio/client';
import { WorkflowType } from '../../schemas/names.ts';
import { SearchAttribute } from '../../schemas/search-attributes.ts';

/** A run or a sweep. Fields that come from search attributes are null if it was started without them. */
export type ListedRun = {
  run: string;
  type: 'experiment' | 'sweep';
  /** RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED or TIMED_OUT. */
  status: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  endedAt: string | null;
  dataset: string | null;
  /** The stage that it is in, or ended in. */
  stage: string | null;
  /** As asked for; null without DP. */
  epsilon: number | null;
  /** Mean accuracy of the classifiers trained on the synthetic corpus, if it is public. */
  score: number | null;
  /** The id of the sweep itself, or of the sweep that a run is a variant of. */
  sweep: string | null;
};

/** Lists the experiments and sweeps of the namespace, newest first, as far back as the server keeps them. */
export async function listRuns(params: {
  client: Client;
  /** Only this sweep and its variants. Needs the search attributes. */
  sweep?: string;
  /** @default 50 */
  limit?: number;
}): Promise<ListedRun[]> {
  const { client, sweep, limit = 50 } = params;
  const types = [WorkflowType.experiment, WorkflowType.sweep].map((type) => `'${type}'`);
  const query = [
    `WorkflowType IN (${types.join(', ')})`,
    // A long sweep continues as a new run of the workflow, and only the last one is listed.
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(sweep === undefined ? [] : [`${SearchAttribute.sweep.name} = '${sweep.replaceAll("'", "''")}'`]),
  ].join(' AND ');
  const runs: ListedRun[] = [];
  for await (const found of client.workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
    if (runs.length === limit) break;
    const { typedSearchAttributes: attributes } = found;
    runs.push({
      run: found.workflowId,
      type: found.type as ListedRun['type'],
      status: found.status.name,
      startedAt: found.startTime.toISOString(),
      endedAt: found.closeTime?.toISOString() ?? null,
      dataset: attributes.get(SearchAttribute.dataset) ?? null,
      stage: attributes.get(SearchAttribute.stage) ?? null,
      epsilon: attributes.get(SearchAttribute.epsilon) ?? null,
      score: attributes.get(SearchAttribute.score) ?? null,
      sweep: attributes.get(SearchAttribute.sweep) ?? null,
    });
  }
  return runs;
}
