import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchAsset } from '../fetch-asset.ts';
import { locateAsset } from '../locate-asset.ts';
import { COMMIT, startFakeHub } from './fake-hub.fixture.ts';
import { fetchedHubModels } from './hub-cache.ts';
import { pinHubName } from './locate-hub-model.ts';

const FETCH_ASSET = new URL('../fetch-asset.ts', import.meta.url).href;
const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const WANTED = [
  'config.json',
  'generation_config.json',
  'model.safetensors.index.json',
  ...SHARDS,
  'tokenizer.json',
  'tokenizer_config.json',
].sort();
const FILES = {
  ...Object.fromEntries(WANTED.map((path) => [path, Buffer.from(`content of ${path}`)])),
  [SHARDS[0]]: Buffer.alloc(300_000, 'a'),
  [SHARDS[1]]: Buffer.alloc(200_000, 'b'),
  'consolidated.safetensors': Buffer.from('the same weights again'),
  'pytorch_model.bin': Buffer.from('and again'),
  'README.md': Buffer.from('read me'),
  'gguf/tiny-Q4_K.gguf': Buffer.from('GGUF weights'),
};
const PINNED = `hub:some-org/tiny-model@${COMMIT}`;

let cache: string;
let hub: Awaited<ReturnType<typeof startFakeHub>>;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'hub-'));
  hub = await startFakeHub({ repository: 'some-org/tiny-model', files: FILES });
  vi.stubEnv('XDG_CACHE_HOME', cache);
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_TOKEN', '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(cache, { recursive: true });
});

const downloads = (path: string) =>
  hub.requests.filter(({ url, range }) => url.endsWith(`/${path}`) && range !== 'bytes=0-0');

test('a branch is pinned to its commit, and only what a model is read from comes', async () => {
  const { name, folder, path, files } = await fetchAsset({ name: 'hub:some-org/tiny-model' });
  expect(name).toBe(PINNED);
  expect(path).toBe(folder);
  expect(Object.keys(files).sort()).toEqual(WANTED);
  for (const file of WANTED)
    expect((await readFile(join(folder, file))).equals(FILES[file as keyof typeof FILES])).toBe(true);
  expect(await readdir(folder)).not.toContain('README.md');
  expect(await pinHubName('hub:some-org/tiny-model@main')).toBe(PINNED);
  expect(await fetchedHubModels()).toEqual([{ name: PINNED, bytes: expect.any(Number) }]);
});

test('once fetched, no network is needed, and no request is made', async () => {
  await fetchAsset({ name: PINNED });
  const asked = hub.requests.length;
  const again = await fetchAsset({ name: PINNED });
  expect(hub.requests).toHaveLength(asked);
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:1');
  const { folder } = await locateAsset({ asset: PINNED });
  expect(folder).toBe(again.folder);
});

test('a moving revision is no model of an experiment: the message names the commit', async () => {
  const branch = 'hub:some-org/tiny-model@main';
  await expect(pinHubName(branch)).rejects.toMatchObject({ type: 'InvalidConfig' });
  await fetchAsset({ name: branch });
  await expect(locateAsset({ asset: branch })).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining(PINNED),
  });
});

test('one GGUF file comes alone', async () => {
  const name = 'hub:some-org/tiny-model/gguf/tiny-Q4_K.gguf@main';
  const { path, name: pinned } = await fetchAsset({ name });
  expect(pinned).toBe(`hub:some-org/tiny-model/gguf/tiny-Q4_K.gguf@${COMMIT}`);
  expect(await readFile(path, 'utf8')).toBe('GGUF weights');
  expect(await locateAsset({ asset: pinned })).toMatchObject({ path, sha256: expect.any(String) });
});

test('after a cut the rest is asked for by its range', async () => {
  hub.faults.cut = { path: SHARDS[0], afterBytes: 100_000 };
  const { folder } = await fetchAsset({ name: PINNED });
  expect((await readFile(join(folder, SHARDS[0]))).equals(FILES[SHARDS[0]])).toBe(true);
  const ranges = downloads(SHARDS[0]).map(({ range }) => range);
  const from = Number(/^bytes=(\d+)-299999$/.exec(ranges.at(-1) ?? '')?.[1]);
  expect(from).toBeGreaterThan(0);
  expect(from).toBeLessThanOrEqual(100_000);
});

test('a download that another process left half done goes on where it ended', async () => {
  const folder = join(cache, 'dpsynth', 'hub', 'some-org', 'tiny-model', COMMIT, 'checkpoint.partial');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, SHARDS[1]), FILES[SHARDS[1]].subarray(0, 150_000));
  const progress: number[] = [];
  await fetchAsset({ name: PINNED, onProgress: (done, total) => progress.push(done / total) });
  expect(downloads(SHARDS[1]).map(({ range }) => range)).toContain('bytes=150000-199999');
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  expect(await readdir(join(folder, '..'))).toEqual(['checkpoint']);
});

test('a beginning that belongs to other content is found out, and the next fetch is whole', async () => {
  const folder = join(cache, 'dpsynth', 'hub', 'some-org', 'tiny-model', COMMIT, 'checkpoint.partial');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, SHARDS[1]), 'other content');
  await expect(fetchAsset({ name: PINNED })).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  await expect(fetchAsset({ name: PINNED })).resolves.toMatchObject({ name: PINNED });
});

test.each([SHARDS[0], 'config.json'])(
  '%s with a wrong digest is ArtifactCorrupt and never published',
  async (path) => {
    hub.faults.wrong = [path];
    await expect(fetchAsset({ name: PINNED })).rejects.toMatchObject({
      type: 'ArtifactCorrupt',
      message: expect.stringContaining(path),
    });
    await expect(locateAsset({ asset: PINNED })).rejects.toMatchObject({ type: 'AssetUnavailable' });
  },
);

test('a file that rots in the cache is found, and it alone comes again', async () => {
  const { folder } = await fetchAsset({ name: PINNED });
  await writeFile(join(folder, SHARDS[0]), Buffer.alloc(300_000, 'z'));
  await expect(locateAsset({ asset: PINNED })).rejects.toMatchObject({
    type: 'ArtifactCorrupt',
    message: expect.stringContaining(`dpsynth assets fetch ${PINNED}`),
  });
  await fetchAsset({ name: PINNED });
  expect((await readFile(join(folder, SHARDS[0]))).equals(FILES[SHARDS[0]])).toBe(true);
  expect(downloads(SHARDS[0])).toHaveLength(2);
  expect(downloads(SHARDS[1])).toHaveLength(1);
});

test('a model, revision or file that is not there is InvalidConfig', async () => {
  const wrong = ['hub:some-org/other@main', 'hub:some-org/tiny-model@v9', 'hub:some-org/tiny-model/no.gguf'];
  for (const name of wrong)
    await expect(fetchAsset({ name })).rejects.toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringContaining('has no'),
    });
});

test('a gated model says what to do, and comes with the token', async () => {
  hub.faults.gatedBy = 'hf_let_me_in';
  await expect(fetchAsset({ name: PINNED })).rejects.toMatchObject({
    type: 'AssetUnavailable',
    message: expect.stringMatching(/401.*accept its terms.*HF_TOKEN/s),
  });
  vi.stubEnv('HF_TOKEN', 'hf_another');
  const refused = await fetchAsset({ name: PINNED }).catch((error) => error);
  expect(refused.message).toContain('the account of HF_TOKEN');
  expect(refused.message).not.toContain('hf_another');
  vi.stubEnv('HF_TOKEN', 'hf_let_me_in');
  await expect(fetchAsset({ name: PINNED })).resolves.toMatchObject({ name: PINNED });
});

test('403 is access refused as well, and what is no token is refused before it is sent', async () => {
  hub.faults.refuse = 403;
  await expect(fetchAsset({ name: PINNED })).rejects.toMatchObject({ type: 'AssetUnavailable' });
  vi.stubEnv('HF_TOKEN', 'not-a-token');
  const asked = hub.requests.length;
  await expect(fetchAsset({ name: PINNED })).rejects.toMatchObject({ type: 'InvalidConfig' });
  expect(hub.requests).toHaveLength(asked);
});

test('two processes at once bring one whole model, each file once', async () => {
  const script = `
    const { fetchAsset } = await import(${JSON.stringify(FETCH_ASSET)});
    await fetchAsset({ name: ${JSON.stringify(PINNED)} });`;
  const start = () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      stdio: 'inherit',
    });
  const codes = await Promise.all([start(), start()].map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0]);
  const { folder } = await locateAsset({ asset: PINNED });
  expect((await stat(join(folder, SHARDS[0]))).size).toBe(300_000);
  for (const path of WANTED) expect(downloads(path), path).toHaveLength(1);
}, 30_000);
