import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LedgerRecord } from '../schemas/ledger.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { appendRecord, hasMoreRecords, listLedgers, readLedger } from './ledger-records.ts';
import { openStore } from './open-store.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-ledger-'));
  store = await openStore(root);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const limits = (sequence: number, epsilon: number): LedgerRecord => ({
  sequence,
  at: '2026-01-01T00:00:00.000Z',
  change: { kind: 'limits', limits: { epsilon, delta: 1e-5 } },
});
const append = (record: LedgerRecord, ledger = 'a') => appendRecord({ store, ledger, record });
const read = (atLeast = 0) => readLedger({ store, ledger: 'a', atLeast });

it('keeps records in their order, and takes the same one again as no change', async () => {
  expect(await listLedgers({ store })).toEqual([]);
  for (let n = 1; n <= 12; n++) expect(await append(limits(n, n))).toBe(true);
  expect(await append(limits(12, 12))).toBe(true);
  expect(await read()).toEqual({
    ledger: 'a',
    sequence: 12,
    limits: { epsilon: 12, delta: 1e-5 },
    entries: [],
  });
  await append(limits(1, 1), 'b');
  expect(await listLedgers({ store })).toEqual(['a', 'b']);
  expect(await hasMoreRecords({ store, ledger: 'a', sequence: 11 })).toBe(true);
  expect(await hasMoreRecords({ store, ledger: 'a', sequence: 12 })).toBe(false);
});

it('lets one of two writers have a place, and tells the other', async () => {
  const both = await Promise.all([append(limits(1, 1)), append(limits(1, 2))]);
  expect(both.filter(Boolean)).toHaveLength(1);
  expect((await read()).limits?.epsilon).toBe(both[0] ? 1 : 2);
});

it('refuses to read or append if records are missing', async () => {
  for (let n = 1; n <= 3; n++) await append(limits(n, n));
  await expect(read(4)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  await store.remove({ area: 'private', key: 'ledger@1/a/00000002.json' });
  await expect(read()).rejects.toThrow(/record 3 stands where 2 is expected/);
  await store.remove({ area: 'private', key: 'ledger@1/a' });
  await expect(append(limits(4, 4))).rejects.toThrow(/record 3 is gone/);
  await expect(hasMoreRecords({ store, ledger: 'a', sequence: 3 })).rejects.toThrow(/record 3 is gone/);
  await store.put({
    area: 'private',
    key: 'ledger@1/a/00000001.json',
    body: '{}',
    mediaType: 'application/json',
  });
  await expect(read()).rejects.toThrow(/is not a record of the ledger a/);
});
