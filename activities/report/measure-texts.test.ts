import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatRecords } from '../../engine/data/records-file.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { measureTexts } from './measure-texts.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-texts-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('looks at records from all over a large corpus, and names only corpora that are there', async () => {
  const store = createFileStore({ root });
  // The first half is short and the second long, as labels in blocks would be.
  const records = Array.from({ length: 5000 }, (_, i) => ({
    text: 'a '.repeat(i < 2500 ? 2 : 9),
    label: 'a',
  }));
  const train = await store.put({
    area: 'private',
    key: 'run/train.jsonl',
    body: formatRecords(records),
    mediaType: 'application/jsonl',
  });
  const countTokens = async ({ texts }: { texts: readonly string[] }) => texts.map((text) => text.length / 2);
  const statistics = await measureTexts({
    deps: { store, countTokens },
    model: 'm',
    synthetic: records,
    zeroShot: [],
    train,
  });
  expect(statistics.corpora.map(({ source, records }) => [source, records])).toEqual([
    ['synthetic', 2000],
    ['real', 2000],
  ]);
  for (const { tokens } of statistics.corpora) {
    expect(tokens[2]).toBe(0.5);
    expect(tokens[9]).toBe(0.5);
  }
});
