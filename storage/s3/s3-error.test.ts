import { expect, it } from 'vitest';
import { s3Error } from './s3-error.ts';

const told = (params: { name: string; status: number; message?: string }) => {
  const error = Object.assign(new Error(params.message ?? 'secret request'), {
    name: params.name,
    $metadata: { httpStatusCode: params.status },
  });
  return s3Error({ error, bucket: 'b', key: 'k', doing: 'write' }) as Error;
};

it.each([
  { name: 'NotImplemented', status: 501 },
  { name: 'UnknownError', status: 501 },
  { name: 'MethodNotAllowed', status: 405 },
  { name: 'MissingContentLength', status: 411 },
  { name: 'XAmzContentSHA256Mismatch', status: 400 },
  { name: 'InvalidRequest', status: 400, message: 'Unsupported header x-amz-sdk-checksum-algorithm' },
  { name: 'InvalidArgument', status: 400, message: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER is not valid' },
])('a server that lacks a part of S3 is told as such, with what helps: $name, $status', (params) => {
  expect(told(params)).toMatchObject({
    type: 'StorageUnavailable',
    message: expect.stringMatching(
      /^Could not write s3:\/\/b\/k \(\w+, HTTP \d+\)\. .*AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED/,
    ),
  });
  expect(told(params).message).not.toMatch(/secret|STREAMING/);
});

it('other errors keep their own remedies', () => {
  expect(told({ name: 'AccessDenied', status: 403, message: 'no versions' }).message).toMatch(
    /may not do this/,
  );
  expect(told({ name: 'InternalError', status: 500 }).message).toMatch(/Check that the server runs/);
  expect(told({ name: 'InvalidRequest', status: 400, message: 'nothing known' }).message).toMatch(
    /Check that the server runs/,
  );
});

it('a token file that is not there is no server that is away', () => {
  const error = Object.assign(new Error('open /secret/token'), { code: 'ENOENT' });
  const { message } = s3Error({ error, bucket: 'b', key: 'k', doing: 'read' }) as Error;
  expect(message).toMatch(/\(ENOENT\)\. .*check AWS_WEB_IDENTITY_TOKEN_FILE/);
  expect(message).not.toContain('secret');
});
