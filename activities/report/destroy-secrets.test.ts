import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runKeyToBytes } from '../../engine/privacy/run-key.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { openRunSecret } from '../run-secret.ts';
import { destroySecrets } from './destroy-secrets.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-secrets-'));
  store = await openStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (key: string) => store.put({ area: 'private', key, body: 'x', mediaType: 'text/plain' });

test('destroys the key and the checkpoints of a released run, and nothing of another', async () => {
  const [mine, other] = [
    await openRunSecret({ store, run: 'mine' }),
    await openRunSecret({ store, run: 'other' }),
  ];
  for (const run of ['mine', 'other']) {
    await put(`${run}/checkpoints/digest/00000001.ckpt`);
    await put(`${run}/scores.json`);
  }
  await destroySecrets({ store, run: 'mine' });
  expect(await store.list({ area: 'private', key: 'mine' })).toEqual(['mine/scores.json']);
  expect(await store.list({ area: 'private', key: 'other' })).toHaveLength(3);

  const again = await openRunSecret({ store, run: 'mine' });
  expect(runKeyToBytes(again)).not.toEqual(runKeyToBytes(mine));
  expect(runKeyToBytes(await openRunSecret({ store, run: 'other' }))).toEqual(runKeyToBytes(other));
  // Once more, as a retried activity does.
  await destroySecrets({ store, run: 'mine' });
  await destroySecrets({ store, run: 'mine' });
});
