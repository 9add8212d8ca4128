import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import picocolors from 'picocolors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { epsilonOf } from '../../../engine/privacy/accountant.ts';
import type { LedgerChange } from '../../../schemas/ledger.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { appendRecord } from '../../../storage/ledger-records.ts';
import { openStore } from '../../../storage/open-store.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { ledgerText } from './show-ledger.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-show-'));
  store = await openStore(root);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const part = { samplingRate: 1, noiseMultiplier: 2, steps: 1 };
const reserve = (id: string, waits: boolean): LedgerChange => ({
  kind: 'reserve',
  reservation: { id, run: `run-${id}`, stage: 'finetune', parts: [part] },
  epsilon: 2,
  waits,
});

it('shows what is charged, what is left, and how to approve a waiting reservation; refunds do not count', async () => {
  const changes: LedgerChange[] = [
    { kind: 'limits', limits: { epsilon: 8, delta: 1e-5 } },
    reserve('a', false),
    reserve('b', true),
    reserve('c', false),
    { kind: 'commit', id: 'a' },
    { kind: 'release', id: 'c' },
  ];
  for (const [at, change] of changes.entries())
    await appendRecord({
      store,
      ledger: 'x',
      record: { sequence: at + 1, at: '2026-01-02T03:04:05.000Z', change },
    });
  const view = await readLedger({ store, ledger: 'x' });
  const charged = epsilonOf({ parts: [{ ...part, steps: 2 }], delta: 1e-5 });
  expect(view.charged).toBe(charged);
  const text = ledgerText({ view, colors: picocolors.createColors(false) });
  expect(text).toContain(
    `epsilon ${charged.toPrecision(4)} of 8 charged at delta 0.00001, ${(8 - charged).toPrecision(4)} left`,
  );
  expect(text).toMatch(/a +│ run-a │ finetune │ +2\.000 │ charged +│ 2026-01-02 03:04/);
  expect(text).toMatch(/c +│ run-c │ finetune │ +2\.000 │ refunded/);
  expect(text).toContain('`dpsynth ledger approve x b` lets run-b continue.');
  expect(text).not.toContain('approve x a');
});

it('says that there is no ledger of that name', async () => {
  await expect(readLedger({ store, ledger: 'none' })).rejects.toThrow(/has no ledger none/);
});
