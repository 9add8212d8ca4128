import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { ExperimentConfig, ExperimentInput } from '../../schemas/experiment.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import type { LedgerChange } from '../../schemas/ledger.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { type Policy, policySchema } from '../../schemas/policy.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { sha256 } from '../../storage/digest.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { appendRecord, readLedger } from '../../storage/ledger-records.ts';
import { setPolicy, writeApproval } from '../../storage/policy/policy-records.ts';
import { planExperiment } from '../plan-experiment.ts';
import { assertAllowed } from '../policy/assert-allowed.ts';
import { decided } from './decided.ts';
import { spentBy } from './dp-stage.ts';
import { ledgerOf, preparedOf } from './ledger-of.ts';
import { releaseName } from './release-name.ts';
import { releaseStage } from './release-stage.ts';
import { wasAnyObserved } from './was-observed.ts';

const RUN = 'run';
const UNITS = 'ab'.repeat(16);
const LIMITS = { epsilon: 7, delta: 1e-6 };

let root: string;
let store: ArtifactStore;
let train: ArtifactRef;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-charge-'));
  store = createFileStore({ root });
  train = await store.put({
    area: 'private',
    key: `${RUN}/train.jsonl`,
    body: '{}',
    mediaType: 'text/plain',
  });
  await writeFile(join(root, 'hospital.csv'), 'text,label\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const source = () => join(root, 'hospital.csv');
const configOf = (privacy: object = {}, change: Partial<ExperimentInput> = {}): ExperimentConfig =>
  parseExperiment({
    corpus: { source: source(), labels: ['a', 'b'] },
    template: { form: 'prefix', task: 't' },
    training: { expectedBatchSize: 32, steps: 4 },
    privacy: { epsilon: 3, delta: 1e-6, ...privacy },
    ...change,
  });

const enforce = (policy: Partial<Policy>) =>
  setPolicy({ store, policy: policySchema.parse(policy), by: 'dpo' });

/** As the activity prepare leaves it. */
async function prepare(config: ExperimentConfig) {
  const record = {
    input: sha256(JSON.stringify({ run: RUN, config })),
    stage: 'prepare',
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: '2026-01-01T00:00:01Z',
    output: { train, test: train, records: 1000, testRecords: 10, units: UNITS },
  };
  const body = JSON.stringify(record);
  const key = `${RUN}/steps/prepare.json`;
  await store.put({ area: 'private', key, body, mediaType: 'application/json', replace: true });
}

async function ledgerFor(privacy: object = {}) {
  const config = configOf(privacy);
  await prepare(config);
  return ledgerOf({ store, run: RUN, config });
}

describe('the ledger of a run', () => {
  it('is none without a policy and without one in the experiment; else that of the experiment, or of the units', async () => {
    expect(await ledgerFor()).toBeNull();
    expect(await ledgerFor({ ledger: { id: 'mine', ...LIMITS } })).toEqual({
      ledger: 'mine',
      limits: LIMITS,
      byPolicy: false,
    });
    expect(await ledgerFor({ ledger: LIMITS })).toMatchObject({ ledger: UNITS, byPolicy: false });
  });

  it('is that of the policy, and no experiment can name another one or other limits', async () => {
    await enforce({
      ledgers: [{ id: 'hospital', ...LIMITS }],
      sources: [{ source: source(), ledger: 'hospital' }],
    });
    const held = { ledger: 'hospital', limits: LIMITS, byPolicy: true };
    expect(await ledgerFor()).toEqual(held);
    expect(await ledgerFor({ ledger: LIMITS })).toEqual(held);
    expect(await ledgerFor({ ledger: { id: 'hospital', ...LIMITS } })).toEqual(held);
    const refused = expect.objectContaining({ type: 'PolicyViolation' });
    await expect(ledgerFor({ ledger: { id: 'mine', ...LIMITS } })).rejects.toEqual(refused);
    await expect(ledgerFor({ ledger: { ...LIMITS, epsilon: 100 } })).rejects.toEqual(refused);
    await expect(ledgerFor({ ledger: { ...LIMITS, approveAbove: 100 } })).rejects.toEqual(refused);
  });

  it('has the limits that the policy gives it by name, also where the source has no rule', async () => {
    await enforce({ ledgers: [{ id: 'shared', ...LIMITS }] });
    await expect(ledgerFor({ ledger: { id: 'shared', ...LIMITS, epsilon: 100 } })).rejects.toMatchObject({
      type: 'PolicyViolation',
    });
    expect(await ledgerFor({ ledger: { id: 'shared', ...LIMITS } })).toMatchObject({ byPolicy: true });
  });

  it('is asked for the settings that the corpus was prepared under, and for no other records', async () => {
    await prepare(configOf());
    const other = configOf({}, { corpus: { source: 'sms-spam', labels: ['a', 'b'] } });
    await expect(ledgerOf({ store, run: RUN, config: other })).rejects.toThrow(
      /was not prepared with these settings/,
    );
    const records = await store.put({
      area: 'private',
      key: 'else/train.jsonl',
      body: 'x',
      mediaType: 'text/plain',
    });
    await expect(preparedOf({ store, run: RUN, config: configOf(), train: records })).rejects.toThrow(
      /are not those/,
    );
  });
});

describe('a policy', () => {
  it('finds its rule however the source is written', async () => {
    await enforce({ sources: [{ source: join(root, 'hos*.csv'), limits: LIMITS, maxEpsilon: 2 }] });
    await symlink(source(), join(root, 'link.csv'));
    for (const path of [source(), `${root}/x/../hospital.csv`, join(root, 'link.csv')])
      await expect(
        assertAllowed({ store, config: configOf({}, { corpus: { source: path, labels: ['a', 'b'] } }) }),
      ).rejects.toThrow(/allows epsilon 2 at most/);
    await enforce({ sources: [{ source: 's3://bucket/a.csv', limits: LIMITS, maxDelta: 1e-7 }] });
    const s3 = { source: 's3://bucket/a.csv?endpoint=http%3A%2F%2F127.0.0.1%3A1', labels: ['a', 'b'] };
    await expect(assertAllowed({ store, config: configOf({}, { corpus: s3 }) })).rejects.toThrow(
      /delta 1e-7 at most/,
    );
  });

  it('refuses or allows the sources that no rule names', async () => {
    await enforce({ otherSources: 'allow' });
    await assertAllowed({ store, config: configOf() });
    await enforce({ otherSources: 'refuse' });
    await expect(assertAllowed({ store, config: configOf() })).rejects.toMatchObject({
      type: 'PolicyViolation',
    });
  });
});

describe('a change of a ledger', () => {
  const decide = (change: LedgerChange, sequence = 2, ledger = 'hospital') =>
    decided({ store, ledger, record: { sequence, at: '2026-01-01T00:00:00Z', change } });
  const limits = (epsilon: number) => ({ kind: 'limits' as const, limits: { ...LIMITS, epsilon } });

  it('of its limits is what the policy says, or the first ones of a ledger that it does not name', async () => {
    expect(await decide(limits(50), 1)).toMatchObject({ change: limits(50) });
    await expect(decide(limits(50))).rejects.toMatchObject({ type: 'PolicyViolation' });
    await enforce({ ledgers: [{ id: 'hospital', ...LIMITS }] });
    await expect(decide(limits(50), 1)).rejects.toMatchObject({ type: 'PolicyViolation' });
    expect(await decide(limits(7))).toMatchObject({ change: { ...limits(7), by: 'dpo' } });
    await expect(decide(limits(7), 2, 'another')).rejects.toMatchObject({ type: 'PolicyViolation' });
  });

  it('approves what an operator has approved in the store', async () => {
    await expect(decide({ kind: 'approve', id: 'r1' })).rejects.toMatchObject({ type: 'PolicyViolation' });
    await writeApproval({ store, ledger: 'hospital', reservation: 'r1', by: 'dpo' });
    expect(await decide({ kind: 'approve', id: 'r1' })).toMatchObject({ change: { by: 'dpo' } });
    await expect(decide({ kind: 'approve', id: 'r2' })).rejects.toMatchObject({ type: 'PolicyViolation' });
  });
});

describe('the work of a DP stage', () => {
  const job = {
    kind: 'finetune',
    store: '',
    run: RUN,
    model: 'smollm2-135m',
    training: {},
  } as unknown as ComputeJob;

  async function stage(privacy: object = {}) {
    const config = configOf(privacy);
    await prepare(config);
    const { mechanism } = planExperiment({ config, records: 1000, trainableParameters: 10 });
    const input = { run: RUN, config, train, plan: mechanism, microBatch: 8 };
    const given = { stage: 'finetune', input } as const;
    const { parts } = await spentBy(given, 1000);
    const id = await releaseName({ store, run: RUN, stage: 'finetune', job });
    let works = 0;
    const run = (seen = async () => {}) =>
      releaseStage({ store, given, job, work: async () => ({ works: ++works, seen: await seen() }) });
    return { run, id, parts, works: () => works };
  }
  const write = async (changes: LedgerChange[]) => {
    for (const change of changes) {
      const { sequence } = await readLedger({ store, ledger: 'hospital', atLeast: 0 });
      await appendRecord({ store, ledger: 'hospital', record: { sequence: sequence + 1, at: '', change } });
    }
  };

  it('is not begun before the ledger holds its very budget', async () => {
    const { run, id, parts, works } = await stage({ ledger: { id: 'hospital', ...LIMITS } });
    const reservation = { id, run: RUN, stage: 'finetune', parts };
    const reserve = { kind: 'reserve', reservation, epsilon: 3, waits: false } as const;
    const refused = expect.objectContaining({ type: 'BudgetExceeded' });
    await expect(run()).rejects.toEqual(refused);
    await write([
      { kind: 'limits', limits: LIMITS },
      { ...reserve, waits: true },
    ]);
    await expect(run()).rejects.toEqual(refused);
    const cheaper = parts.map((part) => ({ ...part, noiseMultiplier: part.noiseMultiplier + 1 }));
    await write([{ ...reserve, reservation: { ...reservation, parts: cheaper } }]);
    await expect(run()).rejects.toEqual(refused);
    await write([{ kind: 'release', id }, reserve]);
    expect(await run()).toMatchObject({ release: id });
    expect(works()).toBe(1);
  });

  it('counts as observed while it computes, and not when it has failed', async () => {
    const { run } = await stage();
    const seen: boolean[] = [];
    await run(async () => void seen.push(await wasAnyObserved({ store, run: RUN })));
    expect([...seen, await wasAnyObserved({ store, run: RUN })]).toEqual([true, false]);
    const fails = run(() => Promise.reject(new Error('no room')));
    await expect(fails).rejects.toThrow('no room');
    expect(await store.readKey(runLayout(RUN).underWay('finetune'))).toBeNull();
  });

  it('of more epsilon than the policy allows is refused, whatever its settings say', async () => {
    const { run, works } = await stage({ epsilon: 3 });
    await enforce({ sources: [{ source: source(), limits: { epsilon: 50, delta: 1e-6 }, maxEpsilon: 2.5 }] });
    await expect(run()).rejects.toMatchObject({ type: 'PolicyViolation' });
    expect(works()).toBe(0);
  });
});
