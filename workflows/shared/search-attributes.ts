import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { type AttributePair, SearchAttribute } from '../../schemas/search-attributes.ts';

/**
 * Whether this workflow was started with search attributes, so that its namespace has them. Setting one
 * that the namespace lacks would block the workflow for ever. Known from the first event, so it is the same
 * in every replay.
 */
export function hasSearchAttributes(): boolean {
  return workflowInfo().typedSearchAttributes.get(SearchAttribute.dataset) !== undefined;
}

/** Changes search attributes if the workflow has some. */
export function noteSearchAttributes(pairs: AttributePair[]): void {
  if (pairs.length > 0 && hasSearchAttributes()) upsertSearchAttributes(pairs);
}
