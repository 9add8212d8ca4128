import { S3Client } from '@aws-sdk/client-s3';
import type { S3Location } from './s3-location.ts';

/** These attempts wait about ten seconds in all, in which a restarted server answers. */
const ATTEMPTS = 8;
const CONNECT_MS = 10_000;
/** A server that sends nothing for this long is considered hung. */
const SILENCE_MS = 60_000;

/**
 * Returns a client for the server of a location, with credentials from the default chain (environment,
 * profile, web identity, container, instance). It retries temporary failures, up to AWS_MAX_ATTEMPTS times if
 * that is set.
 */
export function createS3Client(location: S3Location): S3Client {
  const { endpoint, region, pathStyle } = location;
  // These warnings are about versions later than the pinned one. Users cannot act on them.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // Servers other than AWS have one region, and accept any name for it.
  const anyRegion = endpoint === undefined || process.env.AWS_REGION ? undefined : 'us-east-1';
  return new S3Client({
    endpoint,
    region: region ?? anyRegion,
    forcePathStyle: pathStyle,
    maxAttempts: Number(process.env.AWS_MAX_ATTEMPTS) || ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
  });
}

/** A client and its bucket. */
export type Bucket = { client: S3Client; bucket: string };
