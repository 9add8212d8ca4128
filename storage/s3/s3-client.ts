import { S3Client } from '@aws-sdk/client-s3';
import type { S3Location } from './s3-location.ts';

/** A server that is started again answers within them: they wait about ten seconds altogether. */
const ATTEMPTS = 8;
const CONNECT_MS = 10_000;
/** A server that says nothing for so long hangs. */
const SILENCE_MS = 60_000;

/**
 * A client for the server of a location, with credentials of the default chain (environment, profile, web
 * identity, container, instance). It repeats what failed for a reason that passes, AWS_MAX_ATTEMPTS times if
 * that is set.
 */
export function createS3Client(location: S3Location): S3Client {
  const { endpoint, region, pathStyle } = location;
  // Of later versions than the pinned one: nothing that a user of this one could act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // Servers other than AWS have one region, whose name they do not mind.
  const anyRegion = endpoint === undefined || process.env.AWS_REGION ? undefined : 'us-east-1';
  return new S3Client({
    endpoint,
    region: region ?? anyRegion,
    forcePathStyle: pathStyle,
    maxAttempts: Number(process.env.AWS_MAX_ATTEMPTS) || ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
  });
}

/** A client and the bucket that it is for. */
export type Bucket = { client: S3Client; bucket: string };
