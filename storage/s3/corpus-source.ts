import { extname } from 'node:path';
import { invalidConfig } from '../../schemas/errors.ts';
import { digestObject, readObject } from './download-object.ts';
import { createS3Client } from './s3-client.ts';
import { parseS3Object } from './s3-location.ts';

/** The bytes of an object named by `s3://`. Throws InvalidConfig where there is none, StorageUnavailable. */
export async function readSource(uri: string): Promise<Buffer> {
  const place = placeOf(uri);
  return (await readObject(place)) ?? missing(place);
}

/**
 * SHA-256 of an object, and the ending of its key. It is read for that: an ETag also depends on how the
 * object was uploaded, and the same records must not count as others. Throws as `readSource` does.
 */
export async function sourceDigest(uri: string): Promise<{ extension: string; sha256: string }> {
  const place = placeOf(uri);
  const { sha256 } = (await digestObject(place)) ?? missing(place);
  return { extension: extname(place.key), sha256 };
}

function placeOf(uri: string) {
  const location = parseS3Object(uri);
  return { client: createS3Client(location), bucket: location.bucket, key: location.key };
}

function missing({ bucket, key }: { bucket: string; key: string }): never {
  // Not StorageUnavailable: that is tried again, and an object that was misspelt will not appear.
  throw invalidConfig(
    `corpus: there is no object s3://${bucket}/${key}. Correct the name in corpus.source or ` +
      'corpus.test, or upload it.',
  );
}
