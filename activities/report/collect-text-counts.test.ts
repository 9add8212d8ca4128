import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatRecords } from '../../engine/data/records-file.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { collectTextCounts } from './collect-text-counts.ts';
import { mergeShards } from './merge-shards.ts';

const RUN = 'run';
let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-counts-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (name: string, body: string) =>
  store.put({ area: 'private', key: `${RUN}/${name}`, body, mediaType: 'text/plain' });

async function shard(index: number, counts?: object, source = 'synthetic') {
  const output = {
    corpus: await put(`${source}${index}.jsonl`, ''),
    tokens: 3,
    ...(counts === undefined
      ? {}
      : { counts: await put(`${source}${index}.counts.json`, JSON.stringify(counts)) }),
  };
  const step = { input: '', stage: 'sample', startedAt: '', endedAt: '', output };
  await put(`steps/sample-${source}-${index}.json`, JSON.stringify(step));
}

const collect = (shards: number, duplicates = 0) =>
  collectTextCounts({ store, run: RUN, source: 'synthetic', shards, duplicates });

it('adds up the shards, and counts what merging left out', async () => {
  const removed = { empty: 1, placeholder: 2, instruction: 0, duplicate: 4 };
  await shard(0, { asked: 10, drawn: 15, removed, kept: 8, ended: 5, shortened: 2 });
  await shard(1, {
    asked: 10,
    drawn: 10,
    removed: { ...removed, duplicate: 0 },
    kept: 10,
    ended: 1,
    shortened: 9,
  });
  expect(await collect(2, 3)).toEqual({
    asked: 20,
    drawn: 25,
    removed: { empty: 2, placeholder: 4, instruction: 0, duplicate: 7 },
    kept: 15,
    ended: 6,
    shortened: 11,
  });
});

it('counts the shards of a pool by themselves', async () => {
  const removed = { empty: 0, placeholder: 0, instruction: 0, duplicate: 0 };
  const counts = { asked: 30, drawn: 30, removed, kept: 30, ended: 4, shortened: 0 };
  await shard(0, counts, 'pool');
  expect(await collectTextCounts({ store, run: RUN, source: 'pool', shards: 1, duplicates: 0 })).toEqual(
    counts,
  );
  expect(await collect(1)).toBeUndefined();
});

it('says nothing of a corpus of which a shard did not count, or was not sampled', async () => {
  expect(await collect(1)).toBeUndefined();
  await shard(0);
  expect(await collect(1)).toBeUndefined();
});

it('a text that another shard has is left out of a corpus of distinct texts, and of no other', async () => {
  const texts = (...all: string[]) => formatRecords(all.map((text) => ({ text, label: 'a' })));
  const shards = [await put('0.jsonl', texts('one', 'two')), await put('1.jsonl', texts('Two ', 'three'))];
  const merge = async (isDistinct: boolean) => {
    const { duplicates, records } = await mergeShards({ store, shards, keepOfEach: 4, isDistinct });
    return { duplicates, texts: records.map(({ text }) => text) };
  };
  expect(await merge(true)).toEqual({ duplicates: 1, texts: ['one', 'two', 'three'] });
  expect(await merge(false)).toEqual({ duplicates: 0, texts: ['one', 'two', 'Two ', 'three'] });
});
