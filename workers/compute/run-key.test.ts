import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runKeyToBytes } from '../../engine/privacy/run-key.ts';
import { initialTrainingState } from '../../engine/training/training-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { latestCheckpoint, saveCheckpoint } from './checkpoints.ts';
import { openRunKey } from './run-key.ts';

let folder: string;
let store: ArtifactStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-key-'));
  store = await openStore(pathToFileURL(folder).href);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const keyOf = async (run: string, training: string) =>
  runKeyToBytes(await openRunKey({ store, run, training })).toString('hex');

test('every attempt of one training has the same key; other settings have another', async () => {
  const first = await keyOf('run-1', 'a');
  expect(await keyOf('run-1', 'a')).toBe(first);
  expect(await keyOf('run-1', 'b')).not.toBe(first);
  expect(await keyOf('run-2', 'a')).not.toBe(first);
});

test('the stored secret is not the key that draws and noises', async () => {
  const key = await keyOf('run-1', 'a');
  const stored = await store.readKey({ area: 'private', key: 'run-1/run.key' });
  expect(stored).toHaveLength(32);
  expect(stored!.toString('hex')).not.toBe(key);
});

test('a run resumes from the newest checkpoint of its settings, never from one of other settings', async () => {
  const own = { store, run: 'run-1', training: 'a' };
  for (const step of [1, 2])
    await saveCheckpoint(own, { ...initialTrainingState(new Float32Array(3), { averaging: 0 }), step });
  expect((await latestCheckpoint(own))?.step).toBe(2);
  expect(await latestCheckpoint({ ...own, training: 'b' })).toBeNull();
  expect(await store.list({ area: 'private', key: 'run-1/checkpoints' })).toHaveLength(1);
});
