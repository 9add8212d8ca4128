import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetRun } from '../../activities/forget/forget-run.ts';
import { forgetServer } from '../../activities/forget/forget-server.ts';
import { DpsynthClient } from '../../client/dpsynth-client.ts';
import { cancelAndWait } from '../../client/runs/cancel-and-wait.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { LEDGER_STATE_QUERY, ledgerWorkflowId, WorkflowType } from '../../schemas/names.ts';
import { policySchema } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readLedger } from '../../storage/ledger-records.ts';
import { setPolicy } from '../../storage/policy/policy-records.ts';
import { type ExpiryLog, expireRuns } from '../../workers/expire-runs.ts';
import { runCli } from '../end-to-end/cli.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';
import { startFakeWorkers } from './fake-worker.ts';

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let root: string;
let store: ArtifactStore;
let client: DpsynthClient;

beforeAll(async () => {
  cluster = await startFakeCluster();
  ({ env, root, store } = cluster);
  await writeFile(join(root, 'corpus.csv'), 'text,label\nx,a\ny,b\n');
  client = new DpsynthClient({ client: env.client });
});
afterAll(() => cluster?.stop());

const configOf = (ledger: string, approveAbove?: number): ExperimentInput => ({
  corpus: { source: join(root, 'corpus.csv'), labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
  sampling: { shards: 1 },
  evaluation: { baselines: [] },
  cache: 'off',
  privacy: {
    epsilon: 3,
    delta: 0.03,
    ledger: { id: ledger, epsilon: 7, delta: 0.03, ...(approveAbove === undefined ? {} : { approveAbove }) },
  },
});

const forget = (args: string[], address: string = env.address) =>
  runCli(['forget', ...args], {
    env: { TEMPORAL_ADDRESS: address, DPSYNTH_STORE: pathToFileURL(root).href },
  });
const keysOf = (run: string) => store.list({ area: 'private', key: run });
const entriesOf = async (ledger: string) =>
  (await readLedger({ store, ledger, atLeast: 0 })).entries.map(({ run, status }) => [run, status]);
const secretsOf = async (run: string) =>
  (await keysOf(run)).filter((key) => /run\.key$|\/checkpoints\//.test(key));

/** A run that is terminated while it trains: its reservation stays open. */
async function terminated(run: string, ledger: string): Promise<void> {
  await client.start({ config: configOf(ledger), id: run });
  await expect.poll(async () => (await secretsOf(run)).length, { timeout: 120_000 }).toBeGreaterThan(2);
  await env.client.workflow.getHandle(run).terminate();
  // The child learns of it with its next heartbeat, and saves a last checkpoint.
  await expect
    .poll(() => secretsOf(run), { timeout: 60_000 })
    .toContain(`${run}/checkpoints/on-stop/00000000.ckpt`);
}

describe('dpsynth forget', { timeout: 240_000 }, () => {
  it('refuses a run under way; charges what a terminated one showed, then destroys the secrets', async () => {
    const run = 'finetune-slow-terminated';
    await client.start({ config: configOf('observed'), id: run });
    await expect.poll(async () => (await secretsOf(run)).length, { timeout: 120_000 }).toBeGreaterThan(2);
    const refused = await forget([run, '--json']);
    expect(refused.code).toBe(1);
    expect(refused.json()).toMatchObject({
      error: { type: 'InvalidConfig', message: expect.stringContaining(`${run} is under way`) },
    });
    await env.client.workflow.getHandle(run).terminate();
    await expect
      .poll(() => secretsOf(run), { timeout: 60_000 })
      .toContain(`${run}/checkpoints/on-stop/00000000.ckpt`);
    expect(await entriesOf('observed')).toEqual([[run, 'reserved']]);

    const { code, json, stderr } = await forget([run, '--json']);
    expect(code, stderr).toBe(0);
    const { forgotten } = json() as { forgotten: { settled: object[]; left: { private: string[] } }[] };
    expect(forgotten).toMatchObject([
      { run, server: 'ended', settled: [{ ledger: 'observed', stage: 'finetune', outcome: 'charged' }] },
    ]);
    expect(await entriesOf('observed')).toEqual([[run, 'committed']]);
    expect(await secretsOf(run)).toEqual([]);
    expect(forgotten[0].left.private).toEqual(await keysOf(run));
    expect(await keysOf(run)).toContain(`${run}/train.jsonl`);

    const all = await forget([run, '--all']);
    expect(all.stdout).toMatch(
      /Forgot .*: destroyed \d+ other private files\.\n {2}Nothing of the run is left in /,
    );
    expect(await keysOf(run)).toEqual([]);
    // The charge stands.
    expect(await entriesOf('observed')).toEqual([[run, 'committed']]);
  });

  it('refunds what was not observed', async () => {
    const run = 'waits';
    await client.start({ config: configOf('unseen', 1), id: run });
    await expect
      .poll(() => entriesOf('unseen').catch(() => []), { timeout: 60_000 })
      .toEqual([[run, 'waiting']]);
    await env.client.workflow.getHandle(run).terminate();
    const { code, stdout } = await forget([run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Forgot waits: destroyed its key\.\n {2}The ledger unseen has refunded the reservation/,
    );
    expect(await entriesOf('unseen')).toEqual([[run, 'released']]);
  });

  it('needs --offline if no server answers, then charges in full, and the ledger continues', async () => {
    const run = 'finetune-slow-offline';
    await terminated(run, 'offline');
    const nobody = '127.0.0.1:1';
    const asked = await forget([run], nobody);
    expect(asked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/answers at 127\.0\.0\.1:1\. --local .* --offline asks no server/),
    });
    expect(await secretsOf(run)).not.toEqual([]);
    const { code, stdout } = await forget([run, '--offline'], nobody);
    expect(code).toBe(0);
    expect(stdout).toContain('has charged the reservation');
    expect(await secretsOf(run)).toEqual([]);
    // The workflow of the ledger has not written this record itself.
    await client.start({ config: configOf('offline'), id: 'after-offline' });
    await client.result({ run: 'after-offline' });
    expect(await entriesOf('offline')).toEqual([
      [run, 'committed'],
      ['after-offline', 'committed'],
    ]);
    const view = await env.client.workflow
      .getHandle(ledgerWorkflowId('offline'))
      .query<{ charged: number }>(LEDGER_STATE_QUERY);
    expect(view.charged).toBeGreaterThan(3.1);
  });

  it('takes the runs of a sweep, and its release only with a word of the user', async () => {
    const experiment = configOf('swept');
    const variants = [{ name: 'good' }, { name: 'finetune-slow' }];
    await client.start({ config: configOf('beside'), id: 'swept-beside' });
    await client.result({ run: 'swept-beside' });
    // One after the other: the second one trains for half a minute.
    await client.startSweep({ config: { experiment, variants }, id: 'swept' });
    await expect
      .poll(async () => (await secretsOf('swept-finetune-slow')).length, { timeout: 120_000 })
      .toBeGreaterThan(2);
    const server = forgetServer(env.client);
    await expect(forgetRun({ store, run: 'swept-good', server })).rejects.toThrow(
      'swept-good is a part of swept, which is under way',
    );
    expect((await forget(['swept'])).stderr).toContain('The sweep swept is still running');
    await cancelAndWait({ client: env.client, run: 'swept' });
    // Cut before its end, the sweep has released nothing. One that had ended before has left this.
    expect(await store.list({ area: 'release', key: 'swept-good' })).toEqual([]);
    const manifest = {
      area: 'release',
      key: 'swept-good/manifest.json',
      mediaType: 'application/json',
    } as const;
    await store.put({ ...manifest, body: '{}' });

    const silent = await forget(['swept', '--all', '--release']);
    expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining('Add --yes') });
    expect((await forget(['swept', '--release'])).code).toBe(2);
    const { code, json, stderr } = await forget(['swept', '--all', '--release', '--yes', '--json']);
    expect(code, stderr).toBe(0);
    expect(json()).toMatchObject({
      forgotten: ['swept-good', 'swept-finetune-slow'].map((run) => ({
        run,
        left: { private: [], release: [] },
      })),
    });
    expect(await keysOf('swept-beside')).not.toEqual([]);
    expect(await store.list({ area: 'release', key: 'swept-beside' })).not.toEqual([]);
  });

  it('says what it does not know', async () => {
    for (const [args, says] of [
      [['none'], 'There is no run none in the store'],
      [[ledgerWorkflowId('offline')], 'is the workflow of a ledger'],
      [['--expired'], 'has no keepUnfinishedDays'],
    ] as const)
      expect(await forget([...args])).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
    expect((await forget([])).code).toBe(2);
    expect((await forget(['none', '--expired'])).code).toBe(2);
  });

  it('destroys what is due by the policy, by hand and by the worker, but no run under way', async () => {
    const policy = policySchema.parse({ keepUnfinishedDays: 30 });
    await setPolicy({ store, policy, by: 'ann@clinic' });
    await terminated('finetune-slow-old', 'expiry');
    await terminated('finetune-slow-new', 'expiry-2');
    await env.client.workflow.start(WorkflowType.experiment, { taskQueue: 'nobody', workflowId: 'kept' });
    await store.put({ area: 'private', key: 'kept/run.key', body: 'k', mediaType: 'text/plain' });
    const age = async (run: string) => {
      const longAgo = new Date(Date.now() - 31 * 24 * 3_600_000);
      for (const key of await keysOf(run)) await utimes(join(root, 'private', key), longAgo, longAgo);
    };
    await age('finetune-slow-old');
    await age('kept');
    const { code, json, stderr } = await forget(['--expired', '--json']);
    expect(code, stderr).toBe(0);
    expect(json()).toMatchObject({ forgotten: [{ run: 'finetune-slow-old' }], kept: [] });
    expect(await entriesOf('expiry')).toEqual([['finetune-slow-old', 'committed']]);
    expect(await secretsOf('finetune-slow-new')).not.toEqual([]);

    await age('finetune-slow-new');
    const lines: [string, Record<string, unknown>][] = [];
    const log: ExpiryLog = {
      info: (message, meta) => void lines.push([message, meta]),
      warn: (message, meta) => void lines.push([message, meta]),
    };
    const stop = expireRuns({ client: env.client, store, log, everyMs: 100 });
    await expect.poll(() => lines.length, { timeout: 30_000 }).toBeGreaterThan(1);
    stop();
    expect(lines[0]).toEqual([
      'Destroyed keys and checkpoints of 1 unfinished runs older than 30 days',
      { runs: ['finetune-slow-new'] },
    ]);
    expect(lines[1][1]).toEqual({ runs: [] });
    expect(await secretsOf('finetune-slow-new')).toEqual([]);

    // A worker that starts looks for itself.
    await store.put({ area: 'private', key: 'left/run.key', body: 'k', mediaType: 'text/plain' });
    await age('left');
    const workers = await startFakeWorkers({ address: env.address, storeUri: pathToFileURL(root).href });
    await expect.poll(() => secretsOf('left'), { timeout: 30_000 }).toEqual([]);
    workers.shutdown();
    await workers.done;
    expect(await secretsOf('kept')).toEqual(['kept/run.key']);
    const { status } = await env.client.workflow.getHandle('kept').describe();
    expect(status.name).toBe('RUNNING');
  });
});
