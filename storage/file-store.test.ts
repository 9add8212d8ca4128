import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from './file-store.ts';
import { openStore } from './open-store.ts';

const writer = fileURLToPath(new URL('../test/integration/store-writer.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-store-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const text = { area: 'private', mediaType: 'text/plain' } as const;

describe('file store', () => {
  it('gives back what was put, with its digest, size and rows', async () => {
    const store = createFileStore({ root });
    async function* lines() {
      yield 'one\n';
      yield Buffer.from('two\n');
    }
    const ref = await store.put({ ...text, key: 'run/lines.txt', body: lines(), rows: 2 });
    expect(ref).toMatchObject({ bytes: 8, rows: 2, mediaType: 'text/plain' });
    expect((await store.read(ref)).toString()).toBe('one\ntwo\n');
    expect(await store.list({ area: 'private', key: 'run' })).toEqual(['run/lines.txt']);
    expect(await store.list({ area: 'private', key: 'run/' })).toEqual(['run/lines.txt']);
  });

  it('keeps private files from other users', async () => {
    const store = createFileStore({ root });
    await store.put({ ...text, key: 'run/deep/a.txt', body: 'secret' });
    expect((await stat(join(root, 'private'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, 'private/run/deep'))).mode & 0o077).toBe(0);
    expect((await stat(join(root, 'private/run/deep/a.txt'))).mode & 0o777).toBe(0o600);
  });

  it('accepts the same bytes again and refuses others unless told to replace', async () => {
    const store = createFileStore({ root });
    const first = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
    expect(await store.put({ ...text, key: 'run/a.txt', body: 'one' })).toEqual(first);
    await expect(store.put({ ...text, key: 'run/a.txt', body: 'two' })).rejects.toMatchObject({
      type: 'ArtifactCorrupt',
    });
    expect((await store.read(first)).toString()).toBe('one');
    const second = await store.put({ ...text, key: 'run/a.txt', body: 'two', replace: true });
    expect((await store.read(second)).toString()).toBe('two');
    expect(await readdir(join(root, 'private/run'))).toEqual(['a.txt']);
  });

  it('lets exactly one of many concurrent writers of unlike bytes win, whole', async () => {
    const store = createFileStore({ root });
    const bodies = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(50_000));
    const results = await Promise.allSettled(
      bodies.map((body) => store.put({ ...text, key: 'run/a.txt', body })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const kept = (await store.readKey({ area: 'private', key: 'run/a.txt' }))?.toString();
    expect(bodies).toContain(kept);
    expect(await readdir(join(root, 'private/run'))).toEqual(['a.txt']);
  });

  it('tells a changed artifact by its digest', async () => {
    const store = createFileStore({ root });
    const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
    await writeFile(join(root, 'private/run/a.txt'), 'eno');
    await expect(store.read(ref)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  });

  it('says that it holds an artifact only as it was written', async () => {
    const store = createFileStore({ root });
    const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
    expect(await store.holds(ref)).toBe(true);
    expect(await store.holds({ ...ref, uri: 'file:///elsewhere/run/a.txt' })).toBe(false);
    await writeFile(join(root, 'private/run/a.txt'), 'eno');
    expect(await store.holds(ref)).toBe(false);
    await rm(join(root, 'private/run/a.txt'));
    expect(await store.holds(ref)).toBe(false);
  });

  it.each(['../release/run/a', 'run/../../x', '/etc/passwd', 'run//a', 'run/.hidden', 'run/a\\b', ''])(
    'refuses the key %j',
    async (key) => {
      await expect(createFileStore({ root }).put({ ...text, key, body: '' })).rejects.toMatchObject({
        type: 'InvalidConfig',
      });
    },
  );

  it('reads nothing outside its two areas', async () => {
    const store = createFileStore({ root });
    const ref = await store.put({ ...text, key: 'run/a.txt', body: 'one' });
    await writeFile(join(root, 'outside.txt'), 'one');
    const uri = ref.uri.replace('private/run/a.txt', 'private/../outside.txt');
    await expect(store.read({ ...ref, uri })).rejects.toMatchObject({ type: 'StorageUnavailable' });
  });

  it('leaves nothing of a stream that failed', async () => {
    const store = createFileStore({ root });
    async function* broken() {
      yield 'half';
      throw new Error('source broke');
    }
    await expect(store.put({ ...text, key: 'run/a.txt', body: broken() })).rejects.toThrow('source broke');
    expect(await readdir(join(root, 'private/run'))).toEqual([]);
  });

  it('answers null for a key that is not there, and forgets what was removed', async () => {
    const store = createFileStore({ root });
    expect(await store.readKey({ area: 'private', key: 'run/run.key' })).toBeNull();
    await store.put({ ...text, key: 'run/run.key', body: 'k' });
    await store.remove({ area: 'private', key: 'run' });
    expect(await store.list({ area: 'private', key: 'run' })).toEqual([]);
  });

  it('says StorageFull and leaves nothing when there is no room for the file', async () => {
    // The shell's file size limit (1 KiB blocks) is a real limit of the kernel, and needs no special rights.
    const child = spawn('bash', [
      '-c',
      `ulimit -f 64; exec "$0" --import "$1" "$2" "$3" full`,
      process.execPath,
      tsx,
      writer,
      root,
    ]);
    const said = await output(child);
    expect(said).toMatch(/StorageFull: No room to write .*private\/run\/big\.bin \(EFBIG; .* free\)/);
    expect(await readdir(join(root, 'private/run'))).toEqual([]);
  });

  it('shows no artifact of a writer that was killed in the middle', async () => {
    const child = spawn(process.execPath, ['--import', tsx, writer, root, 'endless']);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = createFileStore({ root });
    expect(await store.list({ area: 'private', key: 'run' })).toEqual([]);
    expect(await store.readKey({ area: 'private', key: 'run/big.bin' })).toBeNull();
  });
});

describe('openStore', () => {
  it('opens a path and its file: URI as the same store', async () => {
    const byPath = await openStore(root);
    expect((await openStore(byPath.uri)).uri).toBe(byPath.uri);
  });

  it('refuses a scheme that it does not know, saying so', async () => {
    await expect(openStore('s3://bucket/x')).rejects.toThrow(/s3:\/\/ is not supported yet/);
  });
});

async function output(child: ChildProcess): Promise<string> {
  let all = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (all += data));
  await once(child, 'close');
  return all;
}
