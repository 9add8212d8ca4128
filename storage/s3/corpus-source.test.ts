import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_S3_SERVER, type S3Server, startS3Server } from '../../test/integration/s3-server.ts';
import { assetDigest } from '../assets/asset-digest.ts';
import { cacheFolder } from '../assets/bootstrap/cache-folder.mjs';
import { readCorpus } from '../assets/read-corpus.ts';
import { openStore } from '../open-store.ts';

const LOOKS = [
  (source: string) => readCorpus({ source }),
  (source: string) => assetDigest({ asset: source }),
];

describe.skipIf(!HAS_S3_SERVER)('a corpus on S3', () => {
  let server: S3Server;
  const source = () => server.uri('release/corpora/mail.csv');

  beforeAll(async () => {
    server = await startS3Server();
    const store = await openStore(server.uri(''));
    await store.put({
      area: 'release',
      key: 'corpora/mail.csv',
      body: 'text,label\n',
      mediaType: 'text/csv',
    });
  });
  afterAll(() => server?.stop());

  it('is read, and leaves no copy in the cache', async () => {
    await mkdir(cacheFolder(), { recursive: true });
    const before = await readdir(cacheFolder());
    expect(Buffer.from(await readCorpus({ source: source() })).toString()).toBe('text,label\n');
    expect(await readdir(cacheFolder())).toEqual(before);
  });

  it('has the digest of the same file, and another once its content is another', async () => {
    const file = join(server.folder, 'copy.csv');
    await writeFile(file, 'text,label\n');
    const first = await assetDigest({ asset: source() });
    expect(first).toBe(await assetDigest({ asset: file }));
    const store = await openStore(server.uri(''));
    const body = 'text,label\na,b\n';
    await store.put({ area: 'release', key: 'corpora/mail.csv', body, mediaType: 'text/csv', replace: true });
    expect(await assetDigest({ asset: source() })).not.toBe(first);
  });

  it('that is not there is a mistake in the settings, which no retry cures', async () => {
    const wrong = source().replace('mail', 'male');
    for (const look of LOOKS)
      await expect(look(wrong)).rejects.toMatchObject({
        type: 'InvalidConfig',
        message: expect.stringContaining('there is no object s3://dpsynth-test/release/corpora/male.csv'),
      });
  });

  it('on a server that refuses is no mistake in the settings', async () => {
    await writeFile(join(server.folder, 'open.csv'), '');
    const { AWS_SECRET_ACCESS_KEY: secret } = process.env;
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
    try {
      for (const look of LOOKS)
        await expect(look(server.uri('open.csv'))).rejects.toMatchObject({
          type: 'StorageUnavailable',
        });
    } finally {
      process.env.AWS_SECRET_ACCESS_KEY = secret;
    }
  });
});
