import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import type { Catalog } from './catalog.ts';
import { assetFolder } from './local-asset.ts';
import { locateAsset } from './locate-asset.ts';

const CONTENT = 'hello\n';
const SHA256 = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const catalog = {
  tiny: {
    role: 'dataset',
    wheel: { requirement: 'tiny==1.0', sha256: 'a'.repeat(64), bytes: 1 },
    files: [{ member: 'tiny/data/tiny.csv', bytes: CONTENT.length, sha256: SHA256, mediaType: 'text/csv' }],
    licence: 'none',
    note: '',
  },
} satisfies Catalog;

let cache: string;
let file: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'locate-asset-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const folder = assetFolder('tiny', catalog.tiny);
  await mkdir(folder, { recursive: true });
  file = join(folder, 'tiny.csv');
  await writeFile(file, CONTENT);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const locate = () => locateAsset({ asset: 'tiny', catalog });

test('a sound asset is found by its name', async () => {
  expect(await locate()).toMatchObject({ path: file, files: { 'tiny.csv': file }, sha256: SHA256 });
});

test('a missing asset is AssetUnavailable and says how to fetch it', async () => {
  await rm(file);
  await expect(locate()).rejects.toMatchObject({
    type: ErrorType.AssetUnavailable,
    message: expect.stringContaining('dpsynth assets fetch tiny'),
  });
});

test('a cut file is ArtifactCorrupt and says how to fetch it again', async () => {
  await writeFile(file, CONTENT.slice(0, 3));
  await expect(locate()).rejects.toMatchObject({
    type: ErrorType.ArtifactCorrupt,
    message: expect.stringMatching(/3 bytes instead of 6.*dpsynth assets fetch tiny/s),
  });
});

test('a change that keeps the size is noticed, also after a check that passed', async () => {
  await locate();
  await writeFile(file, 'hellO\n');
  await utimes(file, new Date(), new Date(Date.now() + 5_000));
  await expect(locate()).rejects.toMatchObject({ type: ErrorType.ArtifactCorrupt });
});

test('a file that did not change since its check is not read again', async () => {
  const time = new Date('2026-01-01');
  await utimes(file, time, time);
  await locate();
  // Only a check that skips the content passes this: same size and time, other bytes.
  await writeFile(file, 'hellO\n');
  await utimes(file, time, time);
  await expect(locate()).resolves.toMatchObject({ path: file });
});

test('a path is taken as it is, a folder too', async () => {
  expect(await locateAsset({ asset: file, catalog })).toMatchObject({ path: file });
  expect(await locateAsset({ asset: cache, catalog })).toEqual({ path: cache, folder: cache, files: {} });
});

test('a name that is neither known nor a path lists what is known', async () => {
  await expect(locateAsset({ asset: 'no-such-thing', catalog })).rejects.toMatchObject({
    type: ErrorType.InvalidConfig,
    message: expect.stringContaining('tiny'),
  });
});
