import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../storage/open-store.ts';
import { HAS_S3_SERVER, type S3Server, startS3Server } from '../../../test/integration/s3-server.ts';
import { probeS3 } from './probe-s3.ts';

describe.skipIf(!HAS_S3_SERVER)('the probe of an S3 store', () => {
  let server: S3Server;

  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server?.stop());

  it('accepts a working store, and leaves nothing in it', async () => {
    expect(await probeS3(server.uri('store'))).toEqual({ ok: true, detail: server.uri('store') });
    const store = await openStore(server.uri('store'));
    expect(await store.list({ area: 'private', key: 'probe@1' })).toEqual([]);
  });

  it('says what to do about a store that does not work', async () => {
    const probed = await probeS3(server.uri('store').replace(server.bucket, 'no-such-bucket'));
    expect(probed).toMatchObject({
      ok: false,
      detail: expect.stringContaining('NoSuchBucket'),
      fix: expect.stringContaining('create it'),
    });
    expect(await probeS3('s3://bucket/x?endpont=y')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('endpont'),
    });
  });
});
