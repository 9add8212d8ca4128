import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatRecords } from '../../engine/data/records-file.ts';
import type { ReportInput } from '../../schemas/activities.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import type { LedgerChange } from '../../schemas/ledger.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { policySchema } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { sha256 } from '../../storage/digest.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { appendRecord, readLedger } from '../../storage/ledger-records.ts';
import { setPolicy } from '../../storage/policy/policy-records.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { spentBy } from '../ledger/dp-stage.ts';
import { releasesOfRun } from '../ledger/releases-of-run.ts';
import { planExperiment } from '../plan-experiment.ts';
import { releaseRun } from './release-run.ts';

const RUN = 'run';
const LIMITS = { epsilon: 20, delta: 1e-5 };

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-release-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (name: string, body: string) =>
  store.put({ area: 'private', key: `${RUN}/${name}`, body, mediaType: 'text/plain', replace: true });

const deps = (): ActivityDeps => ({
  store,
  runJob: () => Promise.reject(new Error('no job in this test')),
  countTrainableParameters: async () => 10,
  countTokens: async ({ texts }) => texts.map((text) => text.length),
  jobVersion: async () => 'test',
  codeVersion: 'dpsynth test',
});

/** A run with its steps as they leave them in the store. */
async function finished(
  privacy: object = {},
  settings: object = {},
): Promise<{ input: ReportInput; config: ExperimentConfig }> {
  const config = parseExperiment({
    corpus: { source: 'sms.csv', labels: ['ham', 'spam'] },
    template: { form: 'prefix', task: 'sms' },
    privacy: { epsilon: 8, ...privacy },
    ...settings,
  });
  const records = [{ text: 'See you', label: 'ham' }];
  const plan = planExperiment({ config, records: 4000, trainableParameters: 10 });
  const corpus = await put('s0.jsonl', formatRecords(records));
  const prepared = {
    train: await put('train.jsonl', formatRecords(records)),
    test: await put('test.jsonl', formatRecords(records)),
    records: 4000,
    testRecords: 1,
    units: 'cd'.repeat(16),
  };
  const finetuned = {
    adapter: await put('adapter.safetensors', 'adapter'),
    diagnostics: await put('diagnostics.json', JSON.stringify({ curve: [] })),
    steps: 16,
    trainableParameters: 10,
    release: 'release-1',
  };
  const keep = (name: string, stage: string, output: object, input = '') =>
    put(`steps/${name}.json`, JSON.stringify({ input, stage, startedAt: '', endedAt: '', output }));
  await keep('prepare', 'prepare', prepared, sha256(JSON.stringify({ run: RUN, config })));
  await keep('plan', 'plan', plan);
  await keep('finetune', 'finetune', finetuned);
  await keep('sample-synthetic-0', 'sample', { corpus, tokens: 2 });
  const selected = {
    corpus: await put('selected.jsonl', formatRecords(records)),
    summary: await put('selection.json', JSON.stringify({ labelling: 'agree', labels: [] })),
    release: 'release-2',
  };
  if (config.selection !== undefined) await keep('select', 'select', selected);
  const startedAt = '2026-01-01T00:00:00Z';
  const input = {
    run: RUN,
    config,
    startedAt,
    prepared,
    plan,
    finetuned,
    synthetic: [corpus],
    zeroShot: [],
    rows: [],
    ...(config.selection === undefined ? {} : { selected }),
  };
  return { input, config };
}

const release = (input: ReportInput) => releaseRun({ deps: deps(), input, chosenFrom: null });
const isReleased = async () => (await store.list({ area: 'release', key: RUN })).length > 0;
const statement = async () =>
  JSON.parse(String(await store.readKey({ area: 'release', key: `${RUN}/statement.json` })));

it('states what ran: the code, the adapter, the steps, and no ledger if there is none', async () => {
  const { input } = await finished();
  await release(input);
  expect((await statement()).ran).toMatchObject({
    codeVersion: 'dpsynth test',
    adapterDigest: sha256('adapter'),
    stepsDone: 16,
    ledger: null,
    chosenFrom: null,
    cachedFrom: null,
    generator: expect.stringContaining('AES-256'),
  });
});

it.each<[string, (input: ReportInput, train: ArtifactRef) => Partial<ReportInput>]>([
  ['another adapter', ({ finetuned }, train) => ({ finetuned: { ...finetuned!, adapter: train } })],
  ['another name of its release', ({ finetuned }) => ({ finetuned: { ...finetuned!, release: 'paid' } })],
  ['another plan', ({ plan }) => ({ plan: { ...plan, trainableParameters: 11 } })],
  ['no adapter', () => ({ finetuned: null })],
  [
    'a selection that was not planned',
    (_, train) => ({ selected: { corpus: train, summary: train, release: 'paid' } }),
  ],
  ['another synthetic corpus', (_, train) => ({ synthetic: [train] })],
  ['a zero-shot corpus that it did not make', (_, train) => ({ zeroShot: [train] })],
  ['other records', ({ prepared }) => ({ prepared: { ...prepared, records: 5000 } })],
])('refuses %s than the steps of the run have made, and releases nothing', async (_, change) => {
  const { input } = await finished();
  const forged = { ...input, ...change(input, input.prepared.train) };
  await expect(release(forged)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  expect(await isReleased()).toBe(false);
});

it('refuses settings other than those that the corpus was prepared under', async () => {
  const { input } = await finished();
  const config = { ...input.config, seed: 2 };
  await expect(release({ ...input, config })).rejects.toMatchObject({ type: 'InvalidConfig' });
});

it('releases what its ledger has been charged for, and nothing before', async () => {
  const { input } = await finished({ ledger: { id: 'l', ...LIMITS } });
  const write = async (change: LedgerChange) => {
    const { sequence } = await readLedger({ store, ledger: 'l', atLeast: 0 });
    await appendRecord({ store, ledger: 'l', record: { sequence: sequence + 1, at: '', change } });
  };
  const given = {
    run: RUN,
    config: input.config,
    train: input.prepared.train,
    plan: input.plan.mechanism,
    microBatch: 1,
  };
  const { parts } = await spentBy({ stage: 'finetune', input: given }, 4000);
  const reservation = { id: 'release-1', run: RUN, stage: 'finetune', parts };
  const refused = expect.objectContaining({ type: 'BudgetExceeded' });
  await expect(release(input)).rejects.toEqual(refused);
  await write({ kind: 'limits', limits: LIMITS });
  await write({ kind: 'reserve', reservation, epsilon: 8, waits: false });
  await expect(release(input)).rejects.toEqual(refused);
  await write({ kind: 'commit', id: 'release-1' });
  expect(await isReleased()).toBe(false);
  await release(input);
  const { ran, mechanism } = await statement();
  expect(ran.ledger).toEqual({
    id: 'l',
    limits: LIMITS,
    chargedAfter: expect.closeTo(mechanism.epsilon, 2),
    delta: 1e-5,
  });
});

it('refuses what the policy of the store does not allow any more', async () => {
  const { input } = await finished();
  await setPolicy({ store, policy: policySchema.parse({ otherSources: 'refuse' }), by: 'dpo' });
  await expect(release(input)).rejects.toMatchObject({ type: 'PolicyViolation' });
  expect(await isReleased()).toBe(false);
});

describe('a run with a selection', () => {
  const selection = {};

  it('states what it learned from the records, and releases the selected texts', async () => {
    const { input } = await finished({}, { selection });
    await release(input);
    const { ran, long } = await statement();
    expect(ran.selection).toMatchObject({ private: true, otherParts: [{ steps: 16 }] });
    expect(long).toMatch(/Selection\. Statistics over the records decide which synthetic texts are released/);
  });

  it.each<[string, (input: ReportInput) => Partial<ReportInput>]>([
    ['the pool in place of the selected texts', () => ({ selected: undefined })],
    ['another name of its release', ({ selected }) => ({ selected: { ...selected!, release: 'paid' } })],
  ])('is refused %s', async (_, change) => {
    const { input } = await finished({}, { selection });
    await expect(release({ ...input, ...change(input) })).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
    expect(await isReleased()).toBe(false);
  });

  it('is released once its ledger was charged for both', async () => {
    const { input } = await finished({ ledger: { id: 'l', ...LIMITS } }, { selection });
    const write = async (change: LedgerChange) => {
      const { sequence } = await readLedger({ store, ledger: 'l', atLeast: 0 });
      await appendRecord({ store, ledger: 'l', record: { sequence: sequence + 1, at: '', change } });
    };
    await write({ kind: 'limits', limits: LIMITS });
    for (const { given, release: id } of releasesOfRun(input)) {
      await expect(release(input)).rejects.toMatchObject({ type: 'BudgetExceeded' });
      const { parts } = await spentBy(given, 4000);
      const reservation = { id, run: RUN, stage: given.stage, parts };
      await write({ kind: 'reserve', reservation, epsilon: 8, waits: false });
      await write({ kind: 'commit', id });
    }
    await release(input);
    const { ran, mechanism } = await statement();
    expect(ran.ledger.chargedAfter).toBeCloseTo(mechanism.epsilon, 2);
  });
});
