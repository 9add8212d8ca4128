import { invalidConfig } from '../../schemas/errors.ts';

/**
 * A place in an S3 bucket, and how its server is reached. Credentials are no part of it: they come from
 * the default chain.
 */
export type S3Location = {
  bucket: string;
  /** Of an object as it stands in the bucket, or the prefix of a store, without slashes around it. */
  key: string;
  /** The server, where it is not AWS. @default AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else AWS */
  endpoint?: string;
  /** @default AWS_REGION or the profile's; us-east-1 with an endpoint */
  region?: string;
  /** `https://server/bucket/key` instead of `https://bucket.server/key`. @default true with an endpoint */
  pathStyle: boolean;
};

const FORM = 's3://BUCKET/PREFIX?endpoint=URL&region=NAME&pathStyle=true';
const PARAMETERS = ['endpoint', 'region', 'pathStyle'];

export function isS3Uri(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/**
 * Reads `s3://BUCKET/PREFIX?endpoint=URL&region=NAME&pathStyle=true`, of which only the bucket is
 * needed. Throws InvalidConfig.
 */
export function parseS3Uri(uri: string): S3Location {
  const location = parseS3Object(uri);
  return { ...location, key: location.key.replace(/^\/+|\/+$/g, '') };
}

/**
 * The same for one object. Its key is all that stands behind the bucket and its slash, percent-decoded: in S3
 * a key with `..`, `./` or a slash at its start is another key, and no way to one. Throws InvalidConfig.
 */
export function parseS3Object(uri: string): S3Location {
  const [, bucket, path = '', query = '', hash = ''] =
    /^s3:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?(#.*)?$/is.exec(uri) ?? [];
  const parameters = new URLSearchParams(query);
  const endpoint = parameters.get('endpoint') ?? undefined;
  const server = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  // What stands there is not repeated: it would end in a log.
  if (bucket?.includes('@') || server?.username || server?.password)
    throw invalidConfig(
      'An s3:// URI must hold no credentials: give them by the environment (AWS_PROFILE, or ' +
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).',
    );
  if (bucket === undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/.test(bucket))
    throw invalidConfig(`${uri} names no bucket: write ${FORM}.`);
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined || hash !== '')
    throw invalidConfig(
      `s3://${bucket}: ${unknown ?? '#'} is not known in an s3:// URI, only ${PARAMETERS.join(', ')}.`,
    );
  if (endpoint !== undefined && !/^https?:$/.test(server?.protocol ?? ''))
    throw invalidConfig(`${uri}: endpoint must be an http:// or https:// URL.`);
  const pathStyle = parameters.get('pathStyle') ?? String(endpoint !== undefined);
  if (!/^(true|false)$/.test(pathStyle)) throw invalidConfig(`${uri}: pathStyle must be true or false.`);
  return {
    bucket,
    key: decodePath(uri, path),
    endpoint,
    region: parameters.get('region') ?? undefined,
    pathStyle: pathStyle === 'true',
  };
}

/** The URI that `parseS3Uri` reads as this location. */
export function formatS3Uri(location: S3Location): string {
  const { bucket, key, endpoint, region, pathStyle } = location;
  const query = new URLSearchParams();
  if (endpoint !== undefined) query.set('endpoint', endpoint);
  if (region !== undefined) query.set('region', region);
  if (pathStyle !== (endpoint !== undefined)) query.set('pathStyle', String(pathStyle));
  const path = key === '' ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`;
  return `s3://${bucket}${path}${query.size === 0 ? '' : `?${query}`}`;
}

function decodePath(uri: string, path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidConfig(`${uri}: its path has a % that begins no escape.`);
  }
}
