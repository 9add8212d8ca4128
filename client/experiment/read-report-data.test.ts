import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reportData } from '../../engine/report/report.fixture.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { readReportData } from './read-report-data.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-report-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (key: string, body: unknown) =>
  store.put({ area: 'private', key, body: JSON.stringify(body), mediaType: 'application/json' });

it('returns the stored data, each run once and in the requested order', async () => {
  await put('b/report-data.json', reportData({ run: 'b' }));
  await put('a/report-data.json', reportData({ run: 'a' }));
  const { finished, unfinished } = await readReportData({ store, runs: ['b', 'a', 'b'] });
  expect(finished).toEqual([reportData({ run: 'b' }), reportData({ run: 'a' })]);
  expect(unfinished).toEqual([]);
});

it('explains for each run without a report why it has none', async () => {
  await put('done/report-data.json', reportData({ run: 'done' }));
  await put('other/report-data.json', { version: 'private' });
  await put('old/manifest.json', {});
  await put('cut-off/train.jsonl', {});
  const { finished, unfinished } = await readReportData({ store, runs: ['other', 'old', 'done', 'cut-off'] });
  expect(finished.map(({ run }) => run)).toEqual(['done']);
  expect(unfinished).toEqual([
    { run: 'other', why: expect.stringContaining('another version') },
    { run: 'old', why: expect.stringContaining('earlier version') },
    { run: 'cut-off', why: expect.stringContaining('not finished') },
  ]);
});

it('refuses a missing run, and a list in which no run has ended', async () => {
  await expect(readReportData({ store, runs: ['nowhere'] })).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining('There is no run nowhere'),
  });
  await put('cut-off/train.jsonl', {});
  await expect(readReportData({ store, runs: ['cut-off'] })).rejects.toThrow(/cut-off: it has not finished/);
});
