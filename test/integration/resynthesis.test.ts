import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deleteSchedule,
  pauseSchedule,
  triggerSchedule,
  unpauseSchedule,
} from '../../client/schedule/change-schedule.ts';
import { createSchedule } from '../../client/schedule/create-schedule.ts';
import { listSchedules, readSchedule } from '../../client/schedule/read-schedule.ts';
import { unitDigest } from '../../engine/data/unit-digest.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import type { ResynthesisInput, ResynthesisResult } from '../../schemas/resynthesis.ts';
import { SearchAttribute } from '../../schemas/search-attributes.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { publishedVersions } from '../../storage/published-versions.ts';
import { listVersions, readVersion } from '../../storage/version-records.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';
import { historyText } from './history-text.ts';

let env: TestWorkflowEnvironment;
let cluster: FakeCluster;
let root: string;
let store: ArtifactStore;

beforeAll(async () => {
  cluster = await startFakeCluster({ searchAttributes: Object.values(SearchAttribute) });
  ({ env, root, store } = cluster);
});

afterAll(() => cluster?.stop());

const sourceOf = (release: string) => join(root, `${release}.csv`);
/** Of each release its own: the step cache would give the same training to all. */
const textOf = (release: string, row: number) => `private text ${row} of ${release}`;

/** A corpus of so many rows. */
function grow(release: string, rows: number): Promise<void> {
  const lines = Array.from({ length: rows }, (_, i) => `${textOf(release, i)},${i % 2 ? 'a' : 'b'}\n`);
  return writeFile(sourceOf(release), `text,label\n${lines.join('')}`);
}

const experimentOf = (release: string, change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  corpus: { source: sourceOf(release), labels: ['a', 'b'], testSetIsPublic: true },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 4, steps: 4, microBatch: 8 },
  sampling: { shards: 1 },
  evaluation: { baselines: [] },
  ...change,
});

let ticks = 0;
function tick(release: string, input: Partial<ResynthesisInput> = {}): Promise<ResynthesisResult> {
  return env.client.workflow.execute(WorkflowType.resynthesis, {
    workflowId: `tick-${ticks++}`,
    taskQueue: TaskQueue.control,
    args: [{ release, experiment: experimentOf(release), ...input }],
  });
}

const read = async (release: string, name: string) =>
  String(await store.readKey({ area: 'release', key: `${release}/${name}` }));
const versionsOf = async (release: string) =>
  (await publishedVersions({ store, release })).map(({ version }) => version);
const unitsOf = async (release: string, version: number) =>
  (await readVersion({ store, release, version })).units;

describe('a schedule', { timeout: 240_000 }, () => {
  it('makes a version at each tick that finds a changed corpus, and compares it with the last', async () => {
    const { client } = env;
    const id = 'weekly';
    await grow(id, 100);
    const created = { client, id, config: experimentOf(id), times: { every: '7d' } };
    await createSchedule(created);
    await expect(createSchedule(created)).rejects.toThrow(/The schedule weekly already exists/);
    await expect(
      createSchedule({ ...created, id: 'other', times: { cron: 'at dawn' } }),
    ).rejects.toMatchObject({ type: 'InvalidConfig' });

    const next = async (count: number) => {
      await triggerSchedule({ client, id });
      await expect
        .poll(async () => (await readSchedule({ client, id })).ticks.filter((tick) => tick.result).length, {
          timeout: 120_000,
          interval: 500,
        })
        .toBe(count);
      return (await readSchedule({ client, id })).ticks[0];
    };
    expect((await next(1)).result).toMatchObject({ outcome: 'published', version: 1, run: 'weekly-v1' });
    expect((await next(2)).result).toMatchObject({ outcome: 'skipped', reason: 'unchanged' });
    await grow(id, 137);
    const last = await next(3);
    expect(last.result).toMatchObject({ outcome: 'published', version: 2 });

    expect(JSON.parse(await read(id, 'current.json'))).toMatchObject({ version: 2, run: 'weekly-v2' });
    expect(await versionsOf(id)).toEqual([1, 2]);
    expect(await read(id, 'changelog.md')).toContain('| Accuracy | 0.500 | 0.500 | 0.000 |');
    expect(await unitsOf(id, 2)).toHaveLength(137);
    // The child is an experiment like others, found by its attributes.
    const child = await client.workflow.getHandle('weekly-v2').describe();
    expect(child.typedSearchAttributes.get(SearchAttribute.dataset)).toBe(sourceOf(id));

    const history = await historyText(client.workflow.getHandle(last.workflow));
    expect(history).toContain('weekly-v2');
    expect(history).not.toContain('private text');
    expect(history).not.toContain(unitDigest(textOf(id, 0)));
    // How many records there are.
    expect(history).not.toMatch(/[:[,]137[,\]}]/);

    await expect
      .poll(() => listSchedules({ client }), { timeout: 30_000 })
      .toMatchObject([{ id, mode: 'full', source: sourceOf(id), paused: false, nextAt: expect.any(String) }]);
    await pauseSchedule({ client, id });
    expect(await readSchedule({ client, id })).toMatchObject({ paused: true, nextAt: null });
    await unpauseSchedule({ client, id });
    expect((await readSchedule({ client, id })).paused).toBe(false);
    await deleteSchedule({ client, id });
    await expect(readSchedule({ client, id })).rejects.toThrow(/There is no schedule weekly/);
  });
});

describe('a tick', { timeout: 240_000 }, () => {
  it('trains on records that no version has used, once there are enough', async () => {
    const release = 'incremental';
    const mode = 'incremental';
    await grow(release, 100);
    expect(await tick(release, { mode })).toMatchObject({ outcome: 'published', version: 1 });
    await grow(release, 110);
    expect(await tick(release, { mode })).toMatchObject({ outcome: 'skipped', reason: 'too-few' });
    await grow(release, 200);
    expect(await tick(release, { mode })).toMatchObject({ outcome: 'published', version: 2 });
    const used = [];
    for (const version of [1, 2])
      for (const part of ['train', 'test'])
        used.push(
          ...String(
            await store.readKey({ area: 'private', key: `${release}-v${version}/${part}.jsonl` }),
          ).split('\n'),
        );
    const texts = used.filter((line) => line !== '').map((line) => JSON.parse(line).text);
    expect(texts).toHaveLength(200);
    expect(new Set(texts).size).toBe(200);
  });

  it('that fails after it has trained leaves the last version, and its records stay used', async () => {
    const release = 'finetune-second';
    const mode = 'incremental';
    await grow(release, 100);
    await tick(release, { mode });
    const current = await read(release, 'current.json');
    await grow(release, 200);
    const error = await tick(release, { mode }).catch((error) => error);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(error.cause).toMatchObject({ type: 'DeadAdapter', message: 'The second one learns nothing.' });
    expect(await read(release, 'current.json')).toBe(current);
    expect(await listVersions({ store, release })).toEqual([
      { version: 1, isVoid: false },
      { version: 2, isVoid: false },
    ]);
    expect(await tick(release, { mode })).toMatchObject({ outcome: 'skipped', reason: 'unchanged' });
    expect(await tick(release, { mode: 'full' })).toMatchObject({ outcome: 'published', version: 3 });
    expect(await versionsOf(release)).toEqual([1, 3]);
  });

  it('without budget is skipped, and gives its records back', async () => {
    const release = 'budget';
    const privacy = { epsilon: 3, delta: 0.005, ledger: { id: 'resynthesis', epsilon: 3.1, delta: 0.005 } };
    const input = { mode: 'incremental', experiment: experimentOf(release, { privacy }) } as const;
    await grow(release, 100);
    expect(await tick(release, input)).toMatchObject({ outcome: 'published' });
    await grow(release, 200);
    expect(await tick(release, input)).toMatchObject({
      outcome: 'skipped',
      reason: 'no-budget',
      why: expect.stringMatching(/is left/),
    });
    expect(await versionsOf(release)).toEqual([1]);
    expect((await listVersions({ store, release })).at(-1)).toEqual({ version: 2, isVoid: true });
  });
});
