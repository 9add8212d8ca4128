import type { Client } from '@temporalio/client';
import { type AttributePair, SearchAttribute } from '../schemas/search-attributes.ts';

/**
 * The search attributes to start a workflow with: those given, or none where the namespace lacks one that a run may set, or
 * does not say. A start with one that it lacks would be refused.
 */
export async function registeredAttributes(
  client: Client,
  pairs: AttributePair[],
): Promise<AttributePair[] | undefined> {
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: client.options.namespace,
    });
    const all = Object.values(SearchAttribute).every(({ name }) => name in (customAttributes ?? {}));
    return all ? pairs : undefined;
  } catch {
    // Some clusters let only operators ask. A server that is away is found out by the start itself.
    return undefined;
  }
}
