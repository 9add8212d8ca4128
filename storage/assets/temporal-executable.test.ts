import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cachedTemporalPath, findTemporalExecutable } from './temporal-executable.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporal-executable-'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function writeExecutable(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  await chmod(path, 0o755);
}

test('without a server on PATH or in the cache there is none', () => {
  expect(findTemporalExecutable()).toBeUndefined();
});

test('the server in the cache is found, one on PATH goes before it', async () => {
  await writeExecutable(cachedTemporalPath());
  expect(findTemporalExecutable()).toBe(cachedTemporalPath());
  const onPath = join(folder, 'bin', 'temporal');
  await writeExecutable(onPath);
  expect(findTemporalExecutable()).toBe(onPath);
});

test('a folder or a file that cannot be run is passed over', async () => {
  await mkdir(join(folder, 'bin', 'temporal'), { recursive: true });
  await writeExecutable(cachedTemporalPath());
  await chmod(cachedTemporalPath(), 0o644);
  expect(findTemporalExecutable()).toBeUndefined();
});
