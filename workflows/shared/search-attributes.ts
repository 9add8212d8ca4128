import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { type AttributePair, SearchAttribute } from '../../schemas/search-attributes.ts';

/**
 * Whether this workflow was started with search attributes. Then its namespace has them; a change of one that it does not
 * have would hold the workflow up for ever. Known from the first event, hence the same in every replay.
 */
export function hasSearchAttributes(): boolean {
  return workflowInfo().typedSearchAttributes.get(SearchAttribute.dataset) !== undefined;
}

/** Changes them where the workflow has any. */
export function noteSearchAttributes(pairs: AttributePair[]): void {
  if (pairs.length > 0 && hasSearchAttributes()) upsertSearchAttributes(pairs);
}
