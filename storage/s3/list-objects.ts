import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Bucket } from './s3-client.ts';
import { s3Error } from './s3-error.ts';

/** Returns the keys below a prefix, sorted. Throws StorageUnavailable. */
export async function listObjects(params: Bucket & { prefix: string }): Promise<string[]> {
  return (await objectsWithTimes(params)).map(({ key }) => key).sort();
}

/** Returns the keys below a prefix with the times at which they were written. Throws StorageUnavailable. */
export async function objectsWithTimes(
  params: Bucket & { prefix: string },
): Promise<{ key: string; at: Date }[]> {
  const { client, bucket, prefix } = params;
  const found: { key: string; at: Date }[] = [];
  try {
    // If a server reports no time, the file has no age at which it could be removed.
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key, LastModified } of page.Contents ?? [])
        if (Key !== undefined) found.push({ key: Key, at: LastModified ?? new Date() });
  } catch (error) {
    throw s3Error({ error, bucket, key: prefix, doing: 'list' });
  }
  return found;
}
