import type { Client } from '@temporalio/client';
import { type AttributePair, SearchAttribute } from '../schemas/search-attributes.ts';

/**
 * Returns the given search attributes, or none if the namespace lacks one that a run may set or does not say
 * what it has, because the server would refuse a start with an unknown attribute.
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
    // Some clusters let only operators ask. If the server is down, the start itself fails.
    return undefined;
  }
}
