import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Bucket } from './s3-client.ts';
import { s3Error } from './s3-error.ts';

/** Keys below a prefix, sorted. Throws StorageUnavailable. */
export async function listObjects(params: Bucket & { prefix: string }): Promise<string[]> {
  const { client, bucket, prefix } = params;
  const keys: string[] = [];
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
  } catch (error) {
    throw s3Error({ error, bucket, key: prefix, doing: 'list' });
  }
  return keys.sort();
}
