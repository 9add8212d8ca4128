import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { ArtifactStore } from './artifact-store.ts';
import { openStore } from './open-store.ts';
import { appendToChain, hasMore, type RecordChain, readChain } from './record-chain.ts';

const schema = z.strictObject({ sequence: z.int(), value: z.string() });
type Item = z.infer<typeof schema>;

let root: string;
let store: ArtifactStore;
let chain: RecordChain<Item>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-chain-'));
  store = await openStore(root);
  chain = { store, folder: 'things@1/a', schema, name: 'the things' };
});

afterEach(() => rm(root, { recursive: true, force: true }));

const keyOf = (sequence: number) => `things@1/a/${String(sequence).padStart(8, '0')}.json`;
const append = (sequence: number, value = `v${sequence}`) => appendToChain(chain, { sequence, value });
const values = async () => (await readChain(chain)).records.map(({ value }) => value);
const remove = (sequence: number) => store.remove({ area: 'private', key: keyOf(sequence) });
const edit = async (sequence: number, change: (text: string) => string) => {
  const body = change(String(await store.readKey({ area: 'private', key: keyOf(sequence) })));
  await store.put({
    area: 'private',
    key: keyOf(sequence),
    body,
    mediaType: 'application/json',
    replace: true,
  });
};

it('gives back what was appended, each once, and says who was second', async () => {
  for (const sequence of [1, 2, 3]) expect(await append(sequence)).toBe(true);
  expect(await append(3)).toBe(true);
  expect(await append(3, 'another')).toBe(false);
  expect(await values()).toEqual(['v1', 'v2', 'v3']);
  expect([await hasMore(chain, 2), await hasMore(chain, 3)]).toEqual([true, false]);
});

it.each([1, 2, 3])('shows that record %i was changed', async (sequence) => {
  for (const one of [1, 2, 3]) await append(one);
  await edit(sequence, (text) => text.replace(`v${sequence}`, 'forged'));
  await expect(values()).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
});

it('shows a removed end, and lets nothing take its place', async () => {
  for (const sequence of [1, 2, 3]) await append(sequence);
  await remove(3);
  await expect(values()).rejects.toThrow(/2 records are there, and there were 3/);
  await expect(append(3, 'instead')).rejects.toThrow(/record 3 is gone/);
});

it('takes the records of an earlier version, which have no link', async () => {
  for (const sequence of [1, 2]) await append(sequence);
  for (const sequence of [1, 2]) await edit(sequence, (text) => text.replace(/,"previous":"\w*"/, ''));
  await store.remove({ area: 'private', key: 'chain-heads@1' });
  expect(await append(3)).toBe(true);
  expect(await values()).toEqual(['v1', 'v2', 'v3']);
});

it('continues after a writer that stopped before it wrote the head', async () => {
  await append(1);
  const head = await store.readKey({ area: 'private', key: 'chain-heads@1/things@1/a.json' });
  await append(2);
  await store.put({
    area: 'private',
    key: 'chain-heads@1/things@1/a.json',
    body: head!,
    mediaType: 'application/json',
    replace: true,
  });
  expect(await values()).toEqual(['v1', 'v2']);
  expect(await append(3)).toBe(true);
  await remove(3);
  await expect(values()).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
});
