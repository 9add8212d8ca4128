import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Upload } from '@aws-sdk/lib-storage';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { Body } from '../atomic-write.ts';
import { digestObject } from './download-object.ts';
import type { Bucket } from './s3-client.ts';
import { s3Error, s3ErrorName } from './s3-error.ts';

/** Of 10,000 parts at most: objects up to 80 GB. Larger bodies than one go up in parts, four at a time. */
const PART_BYTES = 8 * 2 ** 20;
/** The name is taken, or is being taken by another writer. */
const TAKEN = ['PreconditionFailed', 'ConditionalRequestConflict'];
/** Also what an upload that ended well is told where its answer was lost and it asks again. */
const MAYBE_THERE = [...TAKEN, 'NoSuchUpload'];

/**
 * Writes an object whole or not at all. Without `replace`, a name that exists keeps its bytes: the same
 * bytes are accepted, others refused (ArtifactCorrupt). Throws StorageFull, StorageUnavailable, or what
 * the body threw.
 */
export async function uploadObject(
  params: Bucket & { key: string; body: Body; mediaType: string; replace?: boolean },
): Promise<{ sha256: string; bytes: number }> {
  const { client, bucket, key, body, mediaType, replace } = params;
  const measured = measure(body);
  const upload = new Upload({
    client,
    partSize: PART_BYTES,
    params: {
      Bucket: bucket,
      Key: key,
      Body: measured.body,
      ContentType: mediaType,
      ...(replace ? {} : { IfNoneMatch: '*' }),
    },
  });
  try {
    await upload.done();
    return measured.result();
  } catch (error) {
    if (measured.failure !== undefined) throw measured.failure.error;
    if (MAYBE_THERE.includes(s3ErrorName(error))) {
      const there = await digestObject(params);
      const written = measured.result();
      if (there?.sha256 === written.sha256) return written;
      if (there !== null && TAKEN.includes(s3ErrorName(error))) throw taken(params);
    }
    throw s3Error({ error, bucket, key, doing: 'write' });
  }
}

/**
 * The body as the SDK takes it, with its digest and size once it was read, and its own error if it threw one.
 */
function measure(body: Body) {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = (chunk: Uint8Array | string) => {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    hash.update(data);
    bytes += data.length;
    return data;
  };
  async function* counted(chunks: AsyncIterable<Uint8Array | string>) {
    try {
      for await (const chunk of chunks) yield count(chunk);
    } catch (error) {
      measured.failure = { error };
      throw error;
    }
  }
  const measured = {
    body: typeof body === 'string' || body instanceof Uint8Array ? count(body) : Readable.from(counted(body)),
    failure: undefined as { error: unknown } | undefined,
    result: () => ({ sha256: hash.copy().digest('hex'), bytes }),
  };
  return measured;
}

function taken({ bucket, key }: { bucket: string; key: string }): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message:
      `s3://${bucket}/${key} already holds other bytes. Artifacts are immutable: start a new run under ` +
      'another name.',
  });
}
