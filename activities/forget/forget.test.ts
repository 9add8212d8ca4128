import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerChange, LedgerEntry } from '../../schemas/ledger.ts';
import { policySchema } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { appendRecord, readLedger } from '../../storage/ledger-records.ts';
import { setPolicy } from '../../storage/policy/policy-records.ts';
import { forgetExpired } from './forget-expired.ts';
import { forgetRun } from './forget-run.ts';
import type { ForgetServer, RunOnServer } from './forget-server.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-forget-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const KEY = 'run.key';
const CHECKPOINT = 'checkpoints/abc/00000002.ckpt';

async function leave(run: string, files = [KEY, CHECKPOINT, 'train.jsonl'], area = 'private' as const) {
  for (const file of files)
    await store.put({ area, key: `${run}/${file}`, body: file, mediaType: 'text/plain' });
}

async function append(ledger: string, ...changes: LedgerChange[]) {
  for (const change of changes) {
    const { sequence } = await readLedger({ store, ledger, atLeast: 0 });
    const record = { sequence: sequence + 1, at: '2026-01-01T00:00:00Z', change };
    expect(await appendRecord({ store, ledger, record })).toBe(true);
  }
}

const limits: LedgerChange = { kind: 'limits', limits: { epsilon: 8, delta: 1e-6 } };
const reserve = (id: string, run: string): LedgerChange => ({
  kind: 'reserve',
  reservation: {
    ...{ id, run, stage: 'finetune' },
    parts: [{ samplingRate: 0.1, noiseMultiplier: 1, steps: 8 }],
  },
  epsilon: 3,
  waits: false,
});
const statusIn = async (ledger: string, id: string): Promise<LedgerEntry['status'] | undefined> =>
  (await readLedger({ store, ledger, atLeast: 0 })).entries.find((entry) => entry.id === id)?.status;
const keysOf = (run: string) => store.list({ area: 'private', key: run });

/** A server that knows these runs, whose ledgers write into the store of the test. */
function serverOf(runs: Record<string, RunOnServer['status']>, change: Partial<ForgetServer> = {}) {
  const server: ForgetServer = {
    look: async (run) => ({ status: runs[run] ?? 'unknown', isSweep: false }),
    runsOf: async () => [],
    refund: ({ ledger, id }) => append(ledger, { kind: 'release', id }),
    ...change,
  };
  return server;
}

describe('forgetting a run', () => {
  it('settles its open reservations in every ledger, then destroys key and checkpoints, and says what is left', async () => {
    await leave('gone');
    await leave('gone-2');
    await append('one', limits, reserve('a', 'gone'), reserve('b', 'gone-2'));
    await append('two', limits, reserve('c', 'gone'), reserve('d', 'gone'), { kind: 'commit', id: 'd' });
    expect(await forgetRun({ store, run: 'gone', server: serverOf({ gone: 'ended' }) })).toEqual({
      run: 'gone',
      server: 'ended',
      settled: [
        { ledger: 'one', id: 'a', stage: 'finetune', outcome: 'refunded' },
        { ledger: 'two', id: 'c', stage: 'finetune', outcome: 'refunded' },
      ],
      destroyed: { private: [`gone/${CHECKPOINT}`, `gone/${KEY}`], release: [] },
      left: { private: ['gone/train.jsonl'], release: [] },
    });
    expect(await statusIn('one', 'b')).toBe('reserved');
    expect(await keysOf('gone-2')).toHaveLength(3);
  });

  it('has the reservation settled before the key is gone', async () => {
    await leave('gone');
    await append('one', limits, reserve('a', 'gone'));
    const seen: unknown[] = [];
    const watched: ArtifactStore = {
      ...store,
      remove: async (key) => {
        seen.push([key.key, await statusIn('one', 'a')]);
        await store.remove(key);
      },
    };
    await forgetRun({ store: watched, run: 'gone', server: null });
    expect(seen).toEqual([
      ['gone/run.key', 'committed'],
      ['gone/checkpoints', 'committed'],
    ]);
  });

  it('charges in full where no server is asked, though nothing was observed', async () => {
    await leave('gone', [KEY]);
    await append('one', limits, reserve('a', 'gone'));
    expect(await forgetRun({ store, run: 'gone', server: null })).toMatchObject({
      server: 'not asked',
      settled: [{ id: 'a', outcome: 'charged' }],
    });
  });

  it.each<[string, Partial<ForgetServer>]>([
    ['does not answer', { refund: () => Promise.reject(new Error('no answer')) }],
    ['settles in another store', { refund: async () => {} }],
  ])('destroys nothing where the ledger %s', async (_, change) => {
    await leave('gone');
    await append('one', limits, reserve('a', 'gone'));
    const server = serverOf({ gone: 'ended' }, change);
    await expect(forgetRun({ store, run: 'gone', server, all: true, release: true })).rejects.toThrow(
      /no answer|nothing was destroyed/,
    );
    expect(await keysOf('gone')).toHaveLength(3);
  });

  it('refuses a run that is under way, also one that has been started again meanwhile', async () => {
    await leave('busy');
    await append('one', limits, reserve('a', 'busy'));
    await expect(forgetRun({ store, run: 'busy', server: serverOf({ busy: 'under way' }) })).rejects.toThrow(
      'busy is under way. `dpsynth cancel busy` ends it first',
    );
    expect(await statusIn('one', 'a')).toBe('reserved');
    const part: RunOnServer = { status: 'under way', isSweep: false, partOf: 'weekly-tick' };
    await expect(
      forgetRun({ store, run: 'busy', server: serverOf({}, { look: async () => part }) }),
    ).rejects.toThrow(
      'busy is a part of weekly-tick, which is under way. `dpsynth cancel weekly-tick` ends it',
    );
    const answers: RunOnServer['status'][] = ['ended', 'under way'];
    const restarted = serverOf({}, { look: async () => ({ status: answers.shift()!, isSweep: false }) });
    await expect(forgetRun({ store, run: 'busy', server: restarted })).rejects.toThrow('under way');
    expect(await keysOf('busy')).toHaveLength(3);
  });

  it('destroys the private folder and the release only where that is asked for', async () => {
    const server = serverOf({});
    await leave('gone');
    await store.put({ area: 'release', key: 'gone/synthetic.jsonl', body: 's', mediaType: 'text/plain' });
    const all = await forgetRun({ store, run: 'gone', server, all: true });
    expect(all).toMatchObject({
      server: 'unknown',
      left: { private: [], release: ['gone/synthetic.jsonl'] },
    });
    const release = await forgetRun({ store, run: 'gone', server, all: true, release: true });
    expect(release.left).toEqual({ private: [], release: [] });
    await expect(forgetRun({ store, run: 'gone', server })).rejects.toThrow('There is no run gone');
  });

  it.each(['store@1', '../other', 'ledger@1/one', ''])('refuses what cannot be a run: %j', async (run) => {
    await expect(forgetRun({ store, run, server: null, all: true })).rejects.toThrow('cannot name a run');
  });
});

describe('expiry', () => {
  const DAY = 24 * 3_600_000;
  const inDays = (days: number) => new Date(Date.now() + days * DAY);
  const allow = (keepUnfinishedDays?: number) =>
    setPolicy({ store, policy: policySchema.parse({ keepUnfinishedDays }), by: 'ann@clinic' });

  it('forgets nothing without an age in the policy', async () => {
    await leave('old');
    const server = serverOf({});
    const nothing = { days: null, forgotten: [], kept: [] };
    expect(await forgetExpired({ store, server, now: inDays(1000) })).toEqual(nothing);
    await allow();
    expect(await forgetExpired({ store, server, now: inDays(1000) })).toEqual(nothing);
    expect(await keysOf('old')).toHaveLength(3);
  });

  it('destroys keys and checkpoints of old unfinished runs, and leaves finished ones and those under way alone', async () => {
    await allow(30);
    await leave('failed');
    await leave('half-forgotten', [CHECKPOINT]);
    await leave('busy');
    await leave('finished', ['manifest.json']);
    const server = serverOf({ failed: 'ended', busy: 'under way', finished: 'ended' });
    expect((await forgetExpired({ store, server, now: inDays(29.9) })).forgotten).toEqual([]);
    const { forgotten, kept } = await forgetExpired({ store, server, now: inDays(30.1) });
    expect(forgotten.map(({ run }) => run)).toEqual(['failed', 'half-forgotten']);
    expect(kept).toEqual([]);
    expect(await keysOf('failed')).toEqual(['failed/train.jsonl']);
    expect(await keysOf('busy')).toHaveLength(3);
    expect(await keysOf('store@1')).toHaveLength(1);
  });

  it('goes on with the other runs where one cannot be settled', async () => {
    await allow(30);
    await leave('a');
    await leave('b');
    await append('one', limits, reserve('x', 'a'));
    const server = serverOf({}, { refund: () => Promise.reject(new Error('no answer')) });
    const { forgotten, kept } = await forgetExpired({ store, server, now: inDays(31) });
    expect(forgotten.map(({ run }) => run)).toEqual(['b']);
    expect(kept).toEqual([{ run: 'a', why: 'no answer' }]);
    expect(await keysOf('a')).toHaveLength(3);
  });
});
