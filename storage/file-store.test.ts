import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from './file-store.ts';
import { openStore } from './open-store.ts';
import { describeStoreContract } from './store-contract.fixture.ts';

const writer = fileURLToPath(new URL('../test/integration/store-writer.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-store-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describeStoreContract('file store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dpsynth-stores-'));
  let stores = 0;
  return {
    open: async () => createFileStore({ root: join(folder, String(stores++)) }),
    tamper: async (store, path, bytes) => {
      const file = join(fileURLToPath(store.uri), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

const text = { area: 'private', mediaType: 'text/plain' } as const;

describe('file store on its disk', () => {
  it('leaves no half-written file beside what it holds', async () => {
    const store = createFileStore({ root });
    const key = 'run/a.txt';
    async function* broken() {
      yield 'half';
      throw new Error('source broke');
    }
    await expect(store.put({ ...text, key, body: broken() })).rejects.toThrow();
    await Promise.allSettled(['one', 'two', 'three'].map((body) => store.put({ ...text, key, body })));
    expect(await readdir(join(root, 'private/run'))).toEqual(['a.txt']);
  });

  it('keeps private files from other users', async () => {
    const store = createFileStore({ root });
    await store.put({ ...text, key: 'run/deep/a.txt', body: 'secret' });
    expect((await stat(join(root, 'private'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, 'private/run/deep'))).mode & 0o077).toBe(0);
    expect((await stat(join(root, 'private/run/deep/a.txt'))).mode & 0o777).toBe(0o600);
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
    await expect(openStore('gs://bucket/x')).rejects.toThrow(/gs:\/\/ is not known/);
  });
});

async function output(child: ChildProcess): Promise<string> {
  let all = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (all += data));
  await once(child, 'close');
  return all;
}
