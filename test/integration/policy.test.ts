import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateLedger } from '../../activities/ledger/update-ledger.ts';
import { DpsynthClient } from '../../client/dpsynth-client.ts';
import { setLedgerLimits } from '../../client/ledger/change-ledger.ts';
import { triggerSchedule } from '../../client/schedule/change-schedule.ts';
import { createSchedule } from '../../client/schedule/create-schedule.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import { LedgerUpdate, TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { type Policy, policySchema } from '../../schemas/policy.ts';
import { readLedger, readRecords } from '../../storage/ledger-records.ts';
import { readPolicies, setPolicy } from '../../storage/policy/policy-records.ts';
import { runCli } from '../end-to-end/cli.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const CALLERS = 'another-team';
const LIMITS = { epsilon: 7, delta: 0.03 };
/** Room for three runs of epsilon 3, which are 5.7 together, and for no fourth. */
const HOSPITAL = { epsilon: 6, delta: 0.03 };

let cluster: FakeCluster;
let callers: Worker;
let callersDone: Promise<void>;
/** A corpus with a rule, one of its own ledger, and one that no rule names. */
let sources: Record<'hospital' | 'own' | 'free', string>;

beforeAll(async () => {
  cluster = await startFakeCluster();
  const { env, root } = cluster;
  sources = {
    hospital: join(root, 'hospital.csv'),
    own: join(root, 'own-1.csv'),
    free: join(root, 'free.csv'),
  };
  for (const [name, path] of Object.entries(sources)) await writeFile(path, `text,label\n${name},a\ny,b\n`);
  await env.connection.operatorService.createNexusEndpoint({
    spec: { name: 'dpsynth', target: { worker: { namespace: 'default', taskQueue: TaskQueue.control } } },
  });
  callers = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: CALLERS,
    workflowsPath: fileURLToPath(new URL('./foreign-workflows.ts', import.meta.url)),
  });
  callersDone = callers.run();
}, 180_000);

afterAll(async () => {
  callers?.shutdown();
  await callersDone;
  await cluster?.stop();
});

const enforce = (policy: Partial<Policy>) =>
  setPolicy({ store: cluster.store, policy: policySchema.parse(policy), by: 'dpo@clinic' });

function configOf(source: string, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    corpus: { source, labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'test' },
    training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
    sampling: { shards: 1 },
    evaluation: { baselines: [] },
    privacy: { epsilon: 3, delta: 0.03 },
    ...change,
  };
}

const start = (
  run: string,
  config: ExperimentInput,
  type: string = WorkflowType.experiment,
  queue: string = TaskQueue.control,
) => cluster.env.client.workflow.start(type, { workflowId: run, taskQueue: queue, args: [config] });
const run = (name: string, config: ExperimentInput): Promise<ExperimentResult> =>
  start(name, config).then((handle) => handle.result());

async function failureOf(result: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await result.then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return error.cause;
}

const released = async (name: string) => {
  const bytes = await cluster.store.readKey({ area: 'release', key: `${name}/manifest.json` });
  return bytes !== null;
};
const statementOf = async (name: string) =>
  JSON.parse(String(await cluster.store.readKey({ area: 'release', key: `${name}/statement.json` })));

/** Run and status of each entry of a ledger. */
async function entriesOf(ledger: string): Promise<Record<string, string>> {
  const { entries } = await readLedger({ store: cluster.store, ledger, atLeast: 0 });
  return Object.fromEntries(entries.map(({ run, status }) => [run, status]));
}

describe('a result of the step cache', { timeout: 240_000 }, () => {
  it('that no ledger has charged is charged to the ledger that takes it, or refused', async () => {
    const free = configOf(sources.free, { seed: 11 });
    await run('unpaid', free);
    const tight = { ...free, privacy: { ...free.privacy, ledger: { id: 'tight', epsilon: 1, delta: 0.03 } } };
    const failure = await failureOf(run('refused', tight));
    expect(failure).toMatchObject({ type: 'BudgetExceeded', message: expect.stringMatching(/ledger tight/) });
    expect(await released('refused')).toBe(false);
    const wide = { ...free, privacy: { ...free.privacy, ledger: { id: 'wide', ...LIMITS } } };
    const paid = await run('paid', wide);
    expect(paid.training?.cachedFrom).toBe('unpaid');
    expect(await entriesOf('wide')).toEqual({ paid: 'committed' });
    const { ran } = await statementOf('paid');
    expect(ran).toMatchObject({
      cachedFrom: 'unpaid',
      ledger: { id: 'wide', chargedAfter: expect.closeTo(3, 1) },
    });
  });

  it('that another ledger has charged is charged again; by the same ledger it is not', async () => {
    const of = (id: string) =>
      configOf(sources.free, { seed: 12, privacy: { epsilon: 3, delta: 0.03, ledger: { id, ...LIMITS } } });
    await run('first', of('ledger-a'));
    expect((await run('second', of('ledger-b'))).training?.cachedFrom).toBe('first');
    expect((await run('third', of('ledger-a'))).training?.cachedFrom).toBe('first');
    expect(await entriesOf('ledger-a')).toEqual({ first: 'committed' });
    expect(await entriesOf('ledger-b')).toEqual({ second: 'committed' });
  });

  it('waits for approval where the ledger asks for it', async () => {
    const config = configOf(sources.free, { seed: 13 });
    await run('made', config);
    const ledger = { id: 'asks', ...LIMITS, approveAbove: 1 };
    const handle = await start('cached-asks', { ...config, privacy: { ...config.privacy, ledger } });
    await expect.poll(() => entriesOf('asks'), { timeout: 60_000 }).toEqual({ 'cached-asks': 'waiting' });
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect(await released('cached-asks')).toBe(false);
  });
});

describe('a policy of the store', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await enforce({
      ledgers: [{ id: 'hospital', ...HOSPITAL }],
      sources: [
        { source: sources.hospital, ledger: 'hospital', maxEpsilon: 3 },
        { source: join(cluster.root, 'own-*.csv'), limits: { epsilon: 4, delta: 0.03 } },
        { source: sources.free, limits: { epsilon: 100, delta: 0.03 } },
      ],
      otherSources: 'refuse',
    });
  });

  it('charges its ledger, whoever starts the run and whatever the run says of ledgers', async () => {
    const config = configOf(sources.hospital, { cache: 'off' });
    // As the form of the UI does: a bare workflow with one JSON object.
    await run('by-ui', config);
    const { run: byClient } = await new DpsynthClient({ client: cluster.env.client }).start({
      config,
      id: 'by-client',
    });
    expect(byClient).toBe('by-client');
    await cluster.env.client.workflow.getHandle('by-client').result();
    expect(await entriesOf('hospital')).toEqual({ 'by-ui': 'committed', 'by-client': 'committed' });
    const other = {
      ...config,
      privacy: { ...config.privacy, ledger: { id: 'mine', epsilon: 1000, delta: 0.03 } },
    };
    expect(await failureOf(run('elsewhere', other))).toMatchObject({ type: 'PolicyViolation' });
    const more = { ...config, privacy: { ...config.privacy, ledger: { epsilon: 1000, delta: 0.03 } } };
    expect(await failureOf(run('more', more))).toMatchObject({ type: 'PolicyViolation' });
    const nexus = await start('caller-of-by-nexus', { config, id: 'by-nexus' } as never, 'caller', CALLERS);
    await nexus.result();
    const { env, root } = cluster;
    await writeFile(join(root, 'hospital.json'), JSON.stringify(config));
    const cli = await runCli(['run', join(root, 'hospital.json'), '--id', 'by-cli', '--watch', '--json'], {
      env: { TEMPORAL_ADDRESS: env.address, DPSYNTH_STORE: pathToFileURL(root).href },
    });
    expect(cli.json()).toMatchObject({ error: { type: 'BudgetExceeded' } });
    expect(await released('by-cli')).toBe(false);
  });

  it('holds for schedules', async () => {
    const { client } = cluster.env;
    const config = configOf(join(cluster.root, 'secret.csv'));
    await writeFile(join(cluster.root, 'secret.csv'), 'text,label\nx,a\ny,b\n');
    await createSchedule({ client, id: 'nightly', config, times: { every: '24h' } });
    await triggerSchedule({ client, id: 'nightly' });
    const failed = async () => {
      for await (const { status } of client.workflow.list({ query: 'WorkflowType = "resynthesis"' }))
        return status.name;
      return null;
    };
    await expect.poll(failed, { timeout: 60_000 }).toBe('FAILED');
  });

  it.each<[string, Partial<ExperimentInput>, () => string, RegExp]>([
    ['a source that no rule names', {}, () => join(cluster.root, 'corpus.csv'), /has no rule for a source/],
    [
      'a source by a way around its rule',
      { privacy: { epsilon: 8, delta: 0.03 } },
      () => `${cluster.root}/./x/../hospital.csv`,
      /allows epsilon 3 at most/,
    ],
    [
      'more epsilon than one run may spend',
      { privacy: { epsilon: 3.01, delta: 0.03 } },
      () => sources.hospital,
      /allows epsilon 3 at most/,
    ],
    [
      'a run without privacy',
      { privacy: { epsilon: 'none' } },
      () => sources.hospital,
      /privacy\.epsilon is none/,
    ],
  ])('refuses %s, before the corpus is read', async (what, change, source, says) => {
    const name = `refused-${what.replaceAll(/\W+/g, '-')}`;
    expect(await failureOf(run(name, configOf(source(), change)))).toMatchObject({
      type: 'PolicyViolation',
      message: expect.stringMatching(says),
    });
    expect(await cluster.store.list({ area: 'private', key: name })).toEqual([]);
  });

  it('gives each corpus a ledger of its own, by its units', async () => {
    const config = configOf(sources.own, { cache: 'off' });
    await run('own-1', config);
    const { units } = JSON.parse(
      String(await cluster.store.readKey({ area: 'private', key: 'own-1/steps/prepare.json' })),
    ).output;
    expect(await entriesOf(units)).toEqual({ 'own-1': 'committed' });
    expect(await failureOf(run('own-2', config))).toMatchObject({ type: 'BudgetExceeded' });
  });

  it('lets nobody release by a workflow of their own what no ledger has been charged for', async () => {
    const config = configOf(sources.hospital, { seed: 99 });
    const past = await start('around-the-ledger', config, 'aroundTheLedger', CALLERS);
    expect(await failureOf(past.result())).toMatchObject({
      cause: { type: 'BudgetExceeded', message: expect.stringMatching(/has not reserved/) },
    });
    const smuggled = await start(
      'smuggled',
      configOf(sources.free, { seed: 98 }),
      'trainingRecordsAsAdapter',
      CALLERS,
    );
    expect(await failureOf(smuggled.result())).toMatchObject({
      cause: {
        type: 'ArtifactCorrupt',
        message: expect.stringMatching(/adapter that is to be released is not what/),
      },
    });
    for (const name of ['around-the-ledger', 'smuggled']) expect(await released(name)).toBe(false);
  });

  it('and its limits are changed only in the store, on record', async () => {
    const { client } = cluster.env;
    const limits = { epsilon: 20, delta: 0.03 };
    const asked = updateLedger({ client, ledger: 'hospital', update: LedgerUpdate.limits, request: limits });
    await expect(asked).rejects.toMatchObject({ type: 'PolicyViolation' });
    const { store } = cluster;
    await setLedgerLimits({ client, store, ledger: 'hospital', limits, by: 'dpo@clinic' });
    await run('with-room', configOf(sources.hospital, { cache: 'off' }));
    const { records } = await readRecords({ store, ledger: 'hospital', atLeast: 0 });
    const changes = records.flatMap(({ change }) => (change.kind === 'limits' ? [change] : []));
    expect(changes).toEqual([
      { kind: 'limits', limits: HOSPITAL, by: 'dpo@clinic' },
      { kind: 'limits', limits, by: 'dpo@clinic' },
    ]);
    const versions = await readPolicies({ store });
    expect(versions.at(-1)).toMatchObject({ by: 'dpo@clinic', at: expect.stringMatching(/^\d{4}-/) });
  });

  it('whose records lost their end is not taken for an earlier one', async () => {
    const { store } = cluster;
    const [last] = (await store.list({ area: 'private', key: 'operator@1/policy' })).slice(-1);
    const bytes = await store.readKey({ area: 'private', key: last });
    await store.remove({ area: 'private', key: last });
    expect(await failureOf(run('cut', configOf(sources.hospital)))).toMatchObject({
      type: 'ArtifactCorrupt',
    });
    await store.put({ area: 'private', key: last, body: bytes!, mediaType: 'application/json' });
    expect((await readPolicies({ store })).length).toBeGreaterThan(1);
  });
});
