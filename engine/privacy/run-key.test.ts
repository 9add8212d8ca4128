import * as crypto from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { openRunSecret } from '../../activities/run-secret.ts';
import { openStore } from '../../storage/open-store.ts';
import { newRunKey, runKeyToBytes } from './run-key.ts';

vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof crypto>();
  return { ...actual, randomBytes: vi.fn(actual.randomBytes) };
});

const root = fileURLToPath(new URL('../..', import.meta.url));

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The bytes that the operating system's generator gave last. */
const lastBytes = () => Buffer.from(vi.mocked(crypto.randomBytes).mock.results.at(-1)?.value ?? []);

test("a run key is 32 bytes of the operating system's generator, and nothing else", () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  vi.useFakeTimers({ now: 0 });
  const keys = Array.from({ length: 100 }, () => {
    const key = runKeyToBytes(newRunKey());
    expect(lastBytes()).toHaveLength(32);
    expect(key).toEqual(lastBytes());
    return key.toString('hex');
  });
  expect(new Set(keys).size).toBe(100);
  expect(Math.random).not.toHaveBeenCalled();
});

test('the secret of a run is such a key, and each run has its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dpsynth-secret-'));
  const store = await openStore(pathToFileURL(folder).href);
  const secrets = [];
  for (const run of ['run-1', 'run-2']) {
    const secret = runKeyToBytes(await openRunSecret({ store, run }));
    // The store makes a secret of its own as well.
    expect(vi.mocked(crypto.randomBytes).mock.results.map(({ value }) => value)).toContainEqual(secret);
    expect(await store.readKey({ area: 'private', key: `${run}/run.key` })).toEqual(secret);
    secrets.push(secret.toString('hex'));
  }
  expect(secrets[0]).not.toBe(secrets[1]);
  await rm(folder, { recursive: true });
});

test('a key that is printed shows nothing', () => {
  const key = newRunKey();
  const shown = `${inspect(key, { depth: null })}${JSON.stringify(key)}${String(key)}`;
  expect(shown).toBe('{}{}[object Object]');
});

test('no source of the product draws from Math.random', () => {
  const rooms = ['schemas', 'storage', 'engine', 'workflows', 'activities', 'workers', 'client'];
  const sources = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?[jt]s$/.test(name) && !/\.(test|fixture)\.ts$/.test(name))
      .map((name) => join(root, room, name)),
  );
  expect(sources.length).toBeGreaterThan(300);
  const wrong = sources.filter((file) =>
    /\bMath\s*(\?\.|\.|\[\s*['"`])\s*random\b/.test(readFileSync(file, 'utf8')),
  );
  expect(wrong).toEqual([]);
});

test('nothing that draws, noises or makes keys takes predictable numbers', () => {
  const privacy = readdirSync(join(root, 'engine/privacy'))
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => `engine/privacy/${name}`);
  for (const file of [...privacy, 'activities/run-secret.ts', 'workers/compute/run-key.ts'])
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(
      /seeded-?random|Date\.now|performance\.now/i,
    );
});
