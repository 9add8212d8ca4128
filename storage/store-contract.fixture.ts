import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ErrorType } from '../schemas/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';

/** A kind of store as the contract needs it. */
export type StoreFixture = {
  /** Opens an empty store. */
  open: () => Promise<ArtifactStore>;
  /** Changes the bytes of an artifact behind the store's back, or writes them where nothing is. */
  tamper: (store: ArtifactStore, path: string, bytes: string) => Promise<void>;
  close: () => Promise<void>;
};

const text = { area: 'private', mediaType: 'text/plain' } as const;
const A = { area: 'private', key: 'run/a.txt' } as const;

/** What every store of artifacts must do. Runs as tests of the file that calls it. */
export function describeStoreContract(name: string, start: () => Promise<StoreFixture>): void {
  describe(name, () => {
    let fixture: StoreFixture;
    let store: ArtifactStore;

    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture?.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('gives back what was put, and describes it with its digest, size and rows', async () => {
      async function* lines() {
        yield 'one\n';
        yield Buffer.from('two\n');
      }
      const ref = await store.put({ ...text, key: 'run/lines.txt', body: lines() });
      expect(ref).toEqual({
        uri: ref.uri,
        keyedDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
        mediaType: 'text/plain',
      });
      expect(await store.describe(ref, { rows: 2 })).toEqual({
        uri: ref.uri,
        sha256: createHash('sha256').update('one\ntwo\n').digest('hex'),
        bytes: 8,
        mediaType: 'text/plain',
        rows: 2,
      });
      expect((await store.read(ref)).toString()).toBe('one\ntwo\n');
      expect(await store.list({ area: 'private', key: 'run' })).toEqual(['run/lines.txt']);
      expect(await store.list({ area: 'private', key: 'run/' })).toEqual(['run/lines.txt']);
    });

    it('keeps an artifact without bytes', async () => {
      const ref = await store.put({ ...A, mediaType: 'text/plain', body: '' });
      expect((await store.describe(ref)).bytes).toBe(0);
      expect(await store.readKey(A)).toEqual(Buffer.alloc(0));
      expect(await store.holds(ref)).toBe(true);
    });

    it('keys its digests with a secret of its own, made once for all who open it', async () => {
      const refs = await Promise.all(
        ['a', 'b', 'c'].map(async (name) => {
          const { openStore } = await import('./open-store.ts');
          return (await openStore(store.uri)).put({ ...text, key: `run/${name}.txt`, body: 'one' });
        }),
      );
      expect(new Set(refs.map(({ keyedDigest }) => keyedDigest)).size).toBe(1);
      const elsewhere = await (await fixture.open()).put({ ...text, key: 'run/a.txt', body: 'one' });
      expect(elsewhere.keyedDigest).not.toBe(refs[0].keyedDigest);
      const plain = createHash('sha256').update('one').digest('hex');
      expect(JSON.stringify(refs)).not.toContain(plain);
      const digest = await store.keyedDigest({ purpose: 'ledger', text: plain });
      expect(digest).not.toBe(refs[0].keyedDigest);
      expect(await store.list({ area: 'private', key: 'store@1' })).toEqual(['store@1/secret.key']);
    });

    it('refuses to go on with a secret that was cut', async () => {
      await fixture.tamper(store, 'private/store@1/secret.key', 'short');
      await expect(store.put({ ...text, key: 'run/a.txt', body: 'one' })).rejects.toMatchObject({
        type: 'ArtifactCorrupt',
      });
    });

    it('opens again by its URI, in another process too', async () => {
      const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
      const { openStore } = await import('./open-store.ts');
      const again = await openStore(store.uri);
      expect(again.uri).toBe(store.uri);
      expect((await again.read(ref)).toString()).toBe('one');
    });

    it('lists every key below a prefix, sorted, and none beside it', async () => {
      for (const key of ['run/b', 'run/deep/er/c', 'run/a', 'run-2/d', 'run2/e'])
        await store.put({ ...text, key, body: key });
      await store.put({ ...text, area: 'release', key: 'run/f', body: 'f' });
      expect(await store.list({ area: 'private', key: 'run' })).toEqual(['run/a', 'run/b', 'run/deep/er/c']);
      expect(await store.list({ area: 'private', key: 'run/a' })).toEqual([]);
      expect(await store.list({ area: 'private', key: 'other' })).toEqual([]);
    });

    it('accepts the same bytes again and refuses others unless told to replace', async () => {
      const first = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
      expect(await store.put({ ...text, key: 'run/a.txt', body: 'one' })).toEqual(first);
      await expect(store.put({ ...text, key: 'run/a.txt', body: 'two' })).rejects.toMatchObject({
        type: 'ArtifactCorrupt',
      });
      expect((await store.read(first)).toString()).toBe('one');
      const second = await store.put({ ...text, key: 'run/a.txt', body: 'two', replace: true });
      expect((await store.read(second)).toString()).toBe('two');
      expect(await store.list({ area: 'private', key: 'run' })).toEqual(['run/a.txt']);
    });

    it('lets exactly one of many concurrent writers of unlike bytes win, whole', async () => {
      const bodies = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(50_000));
      const results = await Promise.allSettled(
        bodies.map((body) => store.put({ ...text, key: 'run/a.txt', body })),
      );
      const won = results.flatMap((result, i) => (result.status === 'fulfilled' ? [bodies[i]] : []));
      expect(won).toHaveLength(1);
      expect((await store.readKey(A))?.toString()).toBe(won[0]);
      expect(await store.list({ area: 'private', key: 'run' })).toEqual(['run/a.txt']);
    });

    it('tells a changed artifact by its digest', async () => {
      const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
      await fixture.tamper(store, 'private/run/a.txt', 'eno');
      await expect(store.read(ref)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
      await expect(store.describe(ref)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
    });

    it('says that it holds an artifact only as it was written', async () => {
      const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
      expect(await store.holds(ref)).toBe(true);
      expect(await store.holds({ ...ref, uri: 'file:///elsewhere/run/a.txt' })).toBe(false);
      expect(await store.holds({ ...ref, uri: 's3://elsewhere/private/run/a.txt' })).toBe(false);
      await fixture.tamper(store, 'private/run/a.txt', 'eno');
      expect(await store.holds(ref)).toBe(false);
      await store.remove(A);
      expect(await store.holds(ref)).toBe(false);
      await expect(store.read(ref)).rejects.toMatchObject({ type: 'StorageUnavailable' });
    });

    it.each(['../release/run/a', 'run/../../x', '/etc/passwd', 'run//a', 'run/.hidden', 'run/a\\b', ''])(
      'refuses the key %j',
      async (key) => {
        await expect(store.put({ ...text, key, body: '' })).rejects.toMatchObject({ type: 'InvalidConfig' });
      },
    );

    it('reads nothing outside its two areas', async () => {
      const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
      await fixture.tamper(store, 'outside.txt', 'one');
      for (const path of ['private/../outside.txt', 'outside.txt']) {
        const uri = ref.uri.replace('private/run/a.txt', path);
        await expect(store.read({ ...ref, uri })).rejects.toMatchObject({ type: 'StorageUnavailable' });
      }
    });

    it('leaves nothing of a stream that failed', async () => {
      async function* broken() {
        yield 'half';
        throw new Error('source broke');
      }
      await expect(store.put({ ...text, key: 'run/a.txt', body: broken() })).rejects.toThrow('source broke');
      expect(await store.list({ area: 'private', key: 'run' })).toEqual([]);
      expect(await store.readKey(A)).toBeNull();
    });

    it('shows nothing of an artifact that is being written', async () => {
      let seen: Buffer | null | undefined;
      async function* slow() {
        yield Buffer.alloc(12 * 2 ** 20);
        seen = await store.readKey(A);
        yield 'end';
      }
      await store.put({ ...text, key: 'run/a.txt', body: slow() });
      expect(seen).toBeNull();
      expect(await store.readKey(A)).toHaveLength(12 * 2 ** 20 + 3);
    });

    it('answers null for a key that is not there, and forgets what was removed', async () => {
      expect(await store.readKey({ area: 'private', key: 'run/run.key' })).toBeNull();
      await store.remove({ area: 'private', key: 'run/run.key' });
      for (const key of ['run/run.key', 'run/deep/a', 'run/run.key-2'])
        await store.put({ ...text, key, body: 'k' });
      await store.remove({ area: 'private', key: 'run/run.key' });
      expect(await store.list({ area: 'private', key: 'run' })).toEqual(['run/deep/a', 'run/run.key-2']);
      await store.remove({ area: 'private', key: 'run' });
      expect(await store.list({ area: 'private', key: 'run' })).toEqual([]);
      expect(await store.readKey({ area: 'private', key: 'run/run.key' })).toBeNull();
    });

    it('names the folders of an area with the time of their newest file', async () => {
      expect(await store.folders({ area: 'private' })).toEqual([]);
      await store.put({ ...text, key: 'run-2/deep/er/a', body: 'a' });
      await store.put({ ...text, key: 'run/a', body: 'a' });
      await store.put({ ...text, area: 'release', key: 'other/a', body: 'a' });
      const named = (await store.folders({ area: 'private' })).filter(({ name }) => !name.includes('@'));
      expect(named.map(({ name }) => name)).toEqual(['run', 'run-2']);
      const [before] = named;
      // Storage has whole seconds.
      expect(Math.abs(Date.now() - before.newest.getTime())).toBeLessThan(60_000);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await store.put({ ...text, key: 'run/b', body: 'b' });
      const [now, beside] = (await store.folders({ area: 'private' })).filter(
        ({ name }) => !name.includes('@'),
      );
      expect(now.newest.getTime()).toBeGreaterThan(before.newest.getTime());
      expect(beside).toEqual(named[1]);
      expect((await store.folders({ area: 'release' })).map(({ name }) => name)).toEqual(['other']);
    });

    it('keeps JSON on one line or indented, and gives it back as the schema says', async () => {
      const place = { area: 'private' as const, key: 'run/a.json' };
      const value = { n: 1, more: [2] };
      const schema = z.object({ n: z.int() });
      const ref = await store.putJson({ ...place, value });
      expect(ref.mediaType).toBe('application/json');
      expect(String(await store.read(ref))).toBe('{"n":1,"more":[2]}\n');
      expect(await store.readJson(ref, schema)).toEqual({ n: 1 });
      await store.putJson({ ...place, value, indented: true, replace: true });
      expect(String(await store.readKey(place))).toBe(`${JSON.stringify(value, null, 2)}\n`);
      expect(await store.readKeyJson(place, schema)).toEqual({ n: 1 });
      expect(await store.findKeyJson(place, schema)).toEqual({ n: 1 });
      const missing = { ...place, key: 'run/b.json' };
      expect(await store.readKeyJson(missing, schema)).toBeNull();
      expect(await store.findKeyJson(missing, schema)).toBeNull();
    });

    it('names JSON of another form by its place, and shows nothing of it', async () => {
      const place = { area: 'private' as const, key: 'run/a.json' };
      const schema = z.strictObject({ n: z.int() });
      const message = async (read: Promise<unknown>) => {
        const error = await read.then(() => undefined).catch((thrown) => thrown);
        expect(error).toMatchObject({ type: ErrorType.ArtifactCorrupt });
        expect(`${error.message}${error.cause}`).not.toMatch(/Ann/);
        return error.message;
      };
      const ref = await store.putJson({ ...place, value: { Ann: 'Ann' } });
      expect(await message(store.readJson(ref, schema))).toContain(
        `${ref.uri} does not have the expected form`,
      );
      expect(await message(store.readKeyJson(place, schema))).toContain('private/run/a.json');
      expect(await store.findKeyJson(place, schema)).toBeNull();
      await store.put({ ...place, body: 'Ann', mediaType: 'text/plain', replace: true });
      expect(await message(store.readKeyJson(place, schema))).toContain('private/run/a.json is not JSON');
      await message(store.findKeyJson(place, schema));
    });

    it('commits a manifest, and a newer one over it', async () => {
      const manifest = {
        run: 'run',
        area: 'release' as const,
        createdAt: '2026-01-01T00:00:00Z',
        codeVersion: 'one',
        config: {},
        seedPolicy: '',
        inputs: {},
        outputs: {},
      };
      await store.commitManifest(manifest);
      const ref = await store.commitManifest({ ...manifest, codeVersion: 'two' });
      expect(ref.uri).toMatch(/release\/run\/manifest\.json$/);
      expect(JSON.parse((await store.read(ref)).toString()).codeVersion).toBe('two');
    });
  });
}
