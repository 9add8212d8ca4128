import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobOf } from '../../../schemas/jobs.ts';
import { corpusSchema } from '../../../schemas/settings/corpus.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { openStore } from '../../../storage/open-store.ts';
import { readVersion, voidVersion } from '../../../storage/version-records.ts';
import type { JobContext } from '../job-context.ts';
import { runOpenVersion } from './open-version.ts';
import { runPrepare } from './prepare.ts';

let root: string;
let store: ArtifactStore;
let context: JobContext;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-version-'));
  store = await openStore(root);
  own = undefined;
  context = { store, onProgress: () => {}, signal: new AbortController().signal };
  await grow(100);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const source = () => join(root, 'corpus.csv');
const grow = (rows: number) =>
  writeFile(
    source(),
    `text,label\n${Array.from({ length: rows }, (_, i) => `text ${i},${i % 2}\n`).join('')}`,
  );
let own: string | undefined;
const corpus = (part?: string) =>
  corpusSchema.parse({ source: source(), labels: ['0', '1'], part, test: own });

function open(tick: string, mode: JobOf<'open-version'>['mode'] = 'incremental') {
  return runOpenVersion(
    {
      ...{ kind: 'open-version', store: store.uri, run: 'weekly', release: 'weekly', mode, tick },
      ...{ corpus: corpus(), seed: 1, expectedBatchSize: 4 },
    },
    context,
  );
}

async function prepare(part: string) {
  const job = { kind: 'prepare', store: store.uri, run: part.replace('/', '-v'), seed: 1 } as const;
  const { train, test } = await runPrepare({ ...job, corpus: corpus(part) }, context);
  const texts = async (ref: typeof train) => (await store.read(ref)).toString('utf8').trim().split('\n');
  return { train: await texts(train), test: await texts(test) };
}

it('gives a tick that asks again its version, and no other tick the same records', async () => {
  expect(await open('one')).toEqual({ version: 1 });
  await grow(200);
  expect(await open('one')).toEqual({ version: 1 });
  expect(await open('two')).toEqual({ version: 2 });
  expect(await open('three')).toEqual({ version: null, reason: 'unchanged' });
  const units = await Promise.all(
    [1, 2].map(async (version) => (await readVersion({ store, release: 'weekly', version })).units),
  );
  expect(new Set(units.flat()).size).toBe(200);

  const [first, second] = [await prepare('weekly/1'), await prepare('weekly/2')];
  expect(first.train.length + first.test.length).toBe(100);
  const all = [first.train, first.test, second.train, second.test].flat();
  expect(new Set(all).size).toBe(200);
});

it('gives every version the whole test set where that is apart, and opens none because of it', async () => {
  own = join(root, 'public.csv');
  const testRows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `text ${from + i},${(from + i) % 2}\n`).join('');
  await writeFile(own, `text,label\n${testRows(90, 130)}`);
  expect(await open('one')).toEqual({ version: 1 });
  await grow(200);
  expect(await open('two')).toEqual({ version: 2 });
  await writeFile(own, `text,label\n${testRows(90, 126)}`);
  // Records that have left the test set are unused ones now, but too few.
  expect(await open('three')).toEqual({ version: null, reason: 'too-few' });
  await writeFile(own, `text,label\n${testRows(90, 130)}`);
  expect(await open('four')).toEqual({ version: null, reason: 'unchanged' });

  const [first, second] = [await prepare('weekly/1'), await prepare('weekly/2')];
  expect([first.train.length, second.train.length]).toEqual([90, 70]);
  expect(first.test).toHaveLength(40);
  expect(second.test).toEqual(first.test);
  expect(new Set([...first.train, ...second.train, ...first.test]).size).toBe(200);
});

it('gives records back with a version that is void, which then cannot be prepared', async () => {
  await open('one');
  await voidVersion({ store, release: 'weekly', version: 1 });
  await expect(prepare('weekly/1')).rejects.toThrow(/is not an open version/);
  expect(await open('one')).toEqual({ version: 2 });
  expect((await prepare('weekly/2')).train.length).toBeGreaterThan(50);
});
