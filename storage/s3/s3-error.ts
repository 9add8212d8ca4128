import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

type SdkError = Error & { code?: unknown; $metadata?: { httpStatusCode?: number; attempts?: number } };

const FULL = ['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull', 'InsufficientCapacity'];
const CREDENTIALS = [
  ...['CredentialsProviderError', 'TokenProviderError', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'],
  ...['ExpiredToken', 'InvalidToken', 'ExpiredTokenException'],
];
const REGION = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];
/** Of reading the file of a token or a certificate: an object's own file is read elsewhere. */
const FILES = ['ENOENT', 'EACCES', 'EISDIR'];
/**
 * What servers answer that lack a part of S3: a request header, a way to send a body, or a kind of request.
 */
const UNSUPPORTED = [
  ...['NotImplemented', 'MethodNotAllowed', 'MissingContentLength', 'XAmzContentSHA256Mismatch'],
  ...['XAmzContentChecksumMismatch', 'BadDigest', 'InvalidDigest'],
];
const UNSUPPORTED_STATUS = [405, 411, 501];
const ABOUT_FEATURES =
  /checksum|crc32|trailer|aws-chunked|content-sha256|content-md5|if-none-match|versions/i;

const REMEDY = {
  bucket: 'There is no such bucket: create it, or correct the URI.',
  credentials:
    'Check the AWS credentials of this process: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  file:
    'A file that the AWS settings of this process name cannot be read: check ' +
    'AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, AWS_CONFIG_FILE and ' +
    'AWS_CA_BUNDLE.',
  denied: 'The credentials may not do this: see docs/storage.md for the permissions that a store needs.',
  region: 'Check the region: AWS_REGION, or region= in the URI.',
  full: 'Nothing half-written is seen. Free space or raise the quota, or give another store, then run again.',
  unsupported:
    'The server lacks a part of S3 that this needs: checksums of requests, conditional writes ' +
    '(If-None-Match) or lists of versions. If it knows no checksums, set ' +
    'AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED; otherwise take another server or version ' +
    '(docs/storage.md).',
  other: 'Check that the server runs and that the URI names it, then run again.',
};

/**
 * Puts an error of the SDK, whose retries are over, into words that say which bucket and key, why, and
 * what to do. The SDK's own error is not kept: it holds the signed request. Errors of this program pass
 * as they are.
 */
export function s3Error(params: { error: unknown; bucket: string; key: string; doing: string }): unknown {
  const { error, bucket, key, doing } = params;
  if (!(error instanceof Error) || error instanceof DpsynthError) return error;
  const { $metadata = {}, code } = error as SdkError;
  // A mistake of this program says nothing of the store.
  if (
    $metadata.httpStatusCode === undefined &&
    code === undefined &&
    /^(Type|Range|Reference)Error$/.test(error.name)
  )
    return error;
  const remedy = remedyOf(error as SdkError);
  return new DpsynthError({
    type: remedy === 'full' ? ErrorType.StorageFull : ErrorType.StorageUnavailable,
    message: `Could not ${doing} s3://${bucket}/${key} (${reason(error as SdkError)}). ${REMEDY[remedy]}`,
  });
}

/** The code of an error that the server gave, such as `NoSuchKey`. */
export function s3ErrorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function remedyOf(error: SdkError): keyof typeof REMEDY {
  const status = error.$metadata?.httpStatusCode;
  if (FULL.includes(error.name) || status === 507) return 'full';
  if (error.name === 'NoSuchBucket') return 'bucket';
  if (status === undefined && FILES.includes(String(error.code))) return 'file';
  if (CREDENTIALS.includes(error.name)) return 'credentials';
  if (REGION.includes(error.name) || status === 301 || /region is missing/i.test(error.message))
    return 'region';
  if (status === 403) return 'denied';
  return isUnsupported(error) ? 'unsupported' : 'other';
}

/** The message of the server is read, not quoted. */
function isUnsupported({ name, message, $metadata = {} }: SdkError): boolean {
  const { httpStatusCode: status = 0 } = $metadata;
  if (UNSUPPORTED.includes(name) || UNSUPPORTED_STATUS.includes(status)) return true;
  return status === 400 && ABOUT_FEATURES.test(message);
}

function reason({ name, code, $metadata = {} }: SdkError): string {
  const named = [code, name].find((word) => typeof word === 'string' && /^[A-Za-z0-9_.]{1,60}$/.test(word));
  const { httpStatusCode, attempts = 1 } = $metadata;
  return [
    named ?? 'Error',
    ...(httpStatusCode === undefined ? [] : [`HTTP ${httpStatusCode}`]),
    ...(attempts > 1 ? [`after ${attempts} attempts`] : []),
  ].join(', ');
}
