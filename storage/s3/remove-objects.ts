import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { listObjects } from './list-objects.ts';
import type { Bucket } from './s3-client.ts';
import { s3Error, s3ErrorName } from './s3-error.ts';

const AT_ONCE = 8;

/**
 * Removes an object and all below its key, with what a bucket would keep of them: earlier
 * versions, and the parts of uploads that were not ended. A key that is destroyed must not be
 * found there. Throws StorageUnavailable.
 */
export async function removeObjects(place: Bucket & { key: string }): Promise<void> {
  const { key } = place;
  try {
    for (const part of [{ key }, { below: `${key}/` }]) {
      await abortUploads({ ...place, part });
      if (await keepsVersions(place)) await removeVersions({ ...place, part });
      else await removeCurrent({ ...place, part });
    }
  } catch (error) {
    throw s3Error({ error, ...place, doing: 'remove' });
  }
}

/** One object, or all whose keys begin so. */
type Part = { key: string } | { below: string };

function prefixOf(part: Part): string {
  return 'key' in part ? part.key : part.below;
}

function isOf(part: Part, key: string | undefined): boolean {
  return 'below' in part || part.key === key;
}

/** A server that does not know versions keeps none. */
async function keepsVersions({ client, bucket }: Bucket): Promise<boolean> {
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    return Status !== undefined;
  } catch (error) {
    if (/NotImplemented|NotConfigured/.test(s3ErrorName(error))) return false;
    throw error;
  }
}

async function removeCurrent({ client, bucket, part }: Bucket & { part: Part }): Promise<void> {
  const keys = 'key' in part ? [part.key] : await listObjects({ client, bucket, prefix: part.below });
  await each(keys, (Key) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key })));
}

/** What a page lists is gone from the next one: no markers are needed. Of one key the versions come first. */
async function removeVersions({ client, bucket, part }: Bucket & { part: Part }): Promise<void> {
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefixOf(part) }));
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].filter(({ Key }) =>
      isOf(part, Key),
    );
    if (found.length === 0) return;
    await each(found, ({ Key, VersionId }) =>
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId })),
    );
  }
}

async function abortUploads({ client, bucket, part }: Bucket & { part: Part }): Promise<void> {
  const aborted = new Set<string | undefined>();
  for (;;) {
    const page = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefixOf(part) }),
    );
    const found = (page.Uploads ?? []).filter(
      ({ Key, UploadId }) => isOf(part, Key) && !aborted.has(UploadId),
    );
    if (found.length === 0) return;
    await each(found, async ({ Key, UploadId }) => {
      aborted.add(UploadId);
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch((error) => {
        // Its writer has ended it meanwhile.
        if (s3ErrorName(error) !== 'NoSuchUpload') throw error;
      });
    });
  }
}

async function each<T>(items: readonly T[], use: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE)
    await Promise.all(items.slice(at, at + AT_ONCE).map(use));
}
