import { createHash } from 'node:crypto';
import dns from 'node:dns';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  HAS_S3_SERVER,
  type S3Server,
  startS3Server,
  VIRTUAL_DOMAIN,
} from '../../test/integration/s3-server.ts';
import { openStore } from '../open-store.ts';
import { describeStoreContract } from '../store-contract.fixture.ts';
import { createS3Client } from './s3-client.ts';
import { parseS3Uri } from './s3-location.ts';

const MIB = 2 ** 20;
const big = { area: 'private', key: 'run/big.bin', mediaType: 'application/octet-stream' } as const;
let server: S3Server;
let opened = 0;

const openEmpty = () => openStore(server.uri(`stores/${opened++}`));

describe.skipIf(!HAS_S3_SERVER)('on a real S3 server', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server?.stop());
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  describeStoreContract('S3 store', async () => ({
    open: openEmpty,
    tamper: async (store, path, bytes) => {
      const file = join(server.folder, parseS3Uri(store.uri).key, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    close: async () => {},
  }));

  it('sends a large body in parts, and checks the whole on reading', async () => {
    const store = await openEmpty();
    const body = Buffer.alloc(17 * MIB, 'some bytes that repeat, but not by powers of two');
    const ref = await store.put({ ...big, body });
    expect(await store.describe(ref)).toMatchObject({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
    expect(body.equals(await store.read(ref))).toBe(true);
    const { key, ...location } = parseS3Uri(store.uri);
    const head = new HeadObjectCommand({ Bucket: location.bucket, Key: `${key}/private/run/big.bin` });
    expect((await createS3Client({ key, ...location }).send(head)).ETag).toMatch(/-3"$/);
    // The same name again, in parts too.
    expect(await store.put({ ...big, body })).toEqual(ref);
    const other = Buffer.from(body).fill(1, 16 * MIB);
    await expect(store.put({ ...big, body: other })).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  });

  it('ends an upload right through a kill -9 and a restart of the server', async () => {
    const store = await openEmpty();
    let restarted: Promise<void> | undefined;
    async function* body() {
      for (let part = 0; part < 5; part++) {
        yield Buffer.alloc(8 * MIB, `part ${part}`);
        // The parts before are under way, or have come.
        if (part === 2) {
          await server.kill();
          restarted = sleep(1_000).then(server.start);
        }
      }
    }
    const ref = await store.put({ ...big, body: body() });
    await restarted;
    expect((await store.describe(ref)).bytes).toBe(40 * MIB);
    expect(await store.holds(ref)).toBe(true);
  });

  it('says what to do when the server is gone, and shows nothing half-written after it is back', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
    const store = await openEmpty();
    async function* body() {
      for (let part = 0; part < 3; part++) {
        yield Buffer.alloc(8 * MIB);
        if (part === 1) await server.kill();
      }
    }
    const error = await store.put({ ...big, body: body() }).catch((thrown) => thrown);
    try {
      expect(error).toMatchObject({ type: 'StorageUnavailable' });
      // The SDK's error holds the request with its signature.
      expect(error.cause).toBeUndefined();
      const [start, advice] = error.message.split('. ');
      expect(start).toMatch(
        /^Could not write s3:\/\/dpsynth-test\/stores\/\d+\/private\/run\/big\.bin \(E[A-Z]+, /,
      );
      expect(start).toMatch(/, after 2 attempts\)$/);
      expect(advice).toMatch(/^Check that the server runs/);
      await expect(store.readKey(big)).rejects.toMatchObject({ type: 'StorageUnavailable' });
    } finally {
      await server.start();
    }
    expect(await store.readKey(big)).toBeNull();
    expect(await store.list({ area: 'private', key: 'run' })).toEqual([]);
    expect((await store.read(await store.put({ ...big, body: 'again' }))).toString()).toBe('again');
  });

  it('leaves no version and no part of what was removed', async () => {
    const store = await openEmpty();
    const { key: prefix, ...rest } = parseS3Uri(store.uri);
    const client = createS3Client({ key: prefix, ...rest });
    const Bucket = rest.bucket;
    const set = (Status: 'Enabled' | 'Suspended') =>
      client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await set('Enabled');
    try {
      for (const body of ['first', 'second'])
        await store.put({ ...big, key: 'run/run.key', body, replace: true });
      await store.put({ ...big, key: 'run/run.key-2', body: 'stays' });
      const Key = `${prefix}/private/run/checkpoints/1.ckpt`;
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(5 * MIB) }),
      );
      const left = async () => {
        const at = { Bucket, Prefix: `${prefix}/private/run/` };
        const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand(at));
        const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand(at));
        return [...Versions, ...DeleteMarkers, ...Uploads].map((found) => found.Key?.split('/').at(-1));
      };
      expect((await left()).sort()).toEqual(['1.ckpt', 'run.key', 'run.key', 'run.key-2']);
      await store.remove({ area: 'private', key: 'run/run.key' });
      await store.remove({ area: 'private', key: 'run/checkpoints' });
      expect(await left()).toEqual(['run.key-2']);
    } finally {
      await set('Suspended');
    }
  });

  it('finds a bucket at its own name', async () => {
    const asked = new Set<string>();
    const { lookup } = dns;
    vi.spyOn(dns, 'lookup').mockImplementation(((name: string, ...rest: unknown[]) => {
      asked.add(name);
      return (lookup as (...all: unknown[]) => void)('127.0.0.1', ...rest);
    }) as typeof dns.lookup);
    const endpoint = `http://${VIRTUAL_DOMAIN}:${server.port}`;
    const store = await openStore(
      `s3://${server.bucket}/virtual?endpoint=${encodeURIComponent(endpoint)}&pathStyle=false`,
    );
    const ref = await store.put({ ...big, body: 'one' });
    expect((await store.read(ref)).toString()).toBe('one');
    expect([...asked]).toEqual([`${server.bucket}.${VIRTUAL_DOMAIN}`]);
    expect(await readdir(join(server.folder, 'virtual/private/run'))).toEqual(['big.bin']);
  });

  it('tells a missing bucket and wrong credentials, without the credentials', async () => {
    const elsewhere = server.uri('x').replace(server.bucket, 'no-such-bucket');
    const put = async (uri: string) =>
      (await openStore(uri)).put({ ...big, body: 'x' }).catch((error) => error);
    expect(await put(elsewhere)).toMatchObject({
      type: 'StorageUnavailable',
      message: expect.stringMatching(/no-such-bucket\/x\/private.*NoSuchBucket, HTTP 404.*create it/),
    });
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hunter2');
    const refused = await put(server.uri('x'));
    expect(refused.message).toMatch(/SignatureDoesNotMatch, HTTP 403.*Check the AWS credentials/);
    expect(JSON.stringify(refused) + refused.stack).not.toMatch(/hunter2|Signature=|AKIA/);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('HOME', '/nowhere');
    expect((await put(server.uri('x'))).message).toMatch(/Check the AWS credentials/);
  });

  it('refuses a prefix that no artifact can stand below', async () => {
    await expect(openStore('s3://bucket/../x y')).rejects.toMatchObject({ type: 'InvalidConfig' });
  });
});
