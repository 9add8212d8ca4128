import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { Bucket } from './s3-client.ts';
import { s3Error, s3ErrorName } from './s3-error.ts';

/** How often a connection may break in the middle of one object. */
const BREAKS = 5;

export type S3Object = { bytes: number; chunks: AsyncIterable<Uint8Array> };

/**
 * Opens an object, null where there is none. Where the connection breaks, reading goes on from there, of
 * the same version.
 * Throws StorageUnavailable, at once or while the chunks are read; ArtifactCorrupt after the last one.
 */
export async function openObject(place: Bucket & { key: string }): Promise<S3Object | null> {
  const first = await get(place).catch((error) => {
    if (s3ErrorName(error) === 'NoSuchKey') return null;
    throw s3Error({ error, ...place, doing: 'read' });
  });
  if (first === null) return null;
  const bytes = first.ContentLength ?? 0;
  return { bytes, chunks: chunksOf({ ...place, first, bytes }) };
}

/** The whole of an object, or null where there is none. */
export async function readObject(place: Bucket & { key: string }): Promise<Buffer | null> {
  const object = await openObject(place);
  if (object === null) return null;
  const whole = Buffer.allocUnsafe(object.bytes);
  let at = 0;
  for await (const chunk of object.chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** SHA-256 and size of an object that need not fit in memory, or null where there is none. */
export async function digestObject(
  place: Bucket & { key: string },
): Promise<{ sha256: string; bytes: number } | null> {
  const object = await openObject(place);
  if (object === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of object.chunks) hash.update(chunk);
  return { sha256: hash.digest('hex'), bytes: object.bytes };
}

type Response = Awaited<ReturnType<typeof get>>;

async function* chunksOf(
  params: Bucket & { key: string; first: Response; bytes: number },
): AsyncIterable<Uint8Array> {
  const { first, bytes } = params;
  let response = first;
  let read = 0;
  for (let breaks = 0; ; breaks++) {
    let why: unknown;
    try {
      for await (const chunk of response.Body as Readable) {
        read += chunk.length;
        yield chunk;
      }
      if (read === bytes) return;
    } catch (error) {
      why = error;
    }
    if (breaks === BREAKS || read >= bytes) throw broken({ ...params, why });
    try {
      response = await get({ ...params, from: read, version: first.ETag });
    } catch (error) {
      throw s3Error({ error, ...params, doing: 'go on reading' });
    }
  }
}

function get({
  client,
  bucket,
  key,
  from,
  version,
}: Bucket & { key: string; from?: number; version?: string }) {
  const part = from === undefined ? {} : { Range: `bytes=${from}-`, IfMatch: version };
  return client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...part }));
}

function broken(params: { bucket: string; key: string; why: unknown }): unknown {
  const { bucket, key, why } = params;
  // The SDK compares what came with the checksum that the server keeps of what was written.
  if (why instanceof Error && /checksum mismatch/i.test(why.message))
    return new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message: `s3://${bucket}/${key} is not what was written (its checksum differs). Start a new run.`,
    });
  if (why !== undefined) return s3Error({ error: why, bucket, key, doing: 'read the whole of' });
  return new DpsynthError({
    type: ErrorType.StorageUnavailable,
    message:
      `s3://${bucket}/${key} ended early, ${BREAKS} times. Check the network and the server, then run ` +
      'again.',
  });
}
