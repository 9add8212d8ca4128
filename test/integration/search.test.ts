import { WorkflowFailedError, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEST } from '../../bench/sweep/instant-jobs.ts';
import { type InstantServer, startInstantServer } from '../../bench/sweep/instant-server.ts';
import { startSweep } from '../../client/sweep/start-sweep.ts';
import { epsilonOf } from '../../engine/privacy/accountant.ts';
import { SWEEP_STATE_QUERY, SweepUpdate } from '../../schemas/names.ts';
import { rankTrials } from '../../schemas/sweep/rank-trials.ts';
import type { SearchInput } from '../../schemas/sweep/search.ts';
import type { SweepInput } from '../../schemas/sweep/sweep.ts';
import type { SweepState } from '../../schemas/sweep/sweep-state.ts';

/**
 * The server asks for a new run of a workflow after so many events. The default, 4096, would take
 * hundreds of trials.
 */
const SUGGEST_AT = 150;

let server: InstantServer;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  server = await startInstantServer({
    serverArgs: ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${SUGGEST_AT}`],
  });
});

afterAll(() => server?.stop());

const rate = { low: 1e-4, high: 1, scale: 'log' } as const;

async function start(id: string, sweep: Partial<SweepInput>): Promise<WorkflowHandle> {
  const config = { experiment: server.experiment, ...sweep } as SweepInput;
  return (await startSweep({ client: server.env.client, config, id })).handle;
}

async function searchOf(
  id: string,
  search: Omit<SearchInput, 'space'> & Partial<SearchInput>,
  more: Partial<SweepInput> = {},
): Promise<SweepState> {
  const space = { 'training.learningRate.peak': rate };
  return (await start(id, { search: { space, ...search }, ...more })).result();
}

/** Lengths of the histories of all runs of a workflow, the last one first. */
async function historyLengths(workflowId: string): Promise<number[]> {
  const { client } = server.env;
  const lengths: number[] = [];
  for await (const { historyLength } of client.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
    lengths.push(historyLength);
  return lengths;
}

const proposed = ({ cells }: SweepState) =>
  cells.map(({ trial }) => trial?.values['training.learningRate.peak']);

describe('a search', { timeout: 240_000 }, () => {
  it('of 30 trials finds good settings, ranks them, and says what they have cost', async () => {
    const state = await searchOf('tpe', { method: 'tpe', trials: 30 }, { concurrency: 2 });
    expect(state.cells).toHaveLength(30);
    expect(state.cells.every(({ status }) => status === 'done')).toBe(true);
    const [best] = rankTrials(state.cells, { objective: state.objective! });
    expect(best.trial.score).toBeGreaterThan(BEST.accuracy - 0.01);
    // Each is a run of its own, with its own release.
    expect(await server.store.readKey({ area: 'release', key: `${best.run}/manifest.json` })).not.toBeNull();

    const { before, after } = state.cost!;
    expect(before).toEqual({ trainings: 30, epsilon: 30 * 8, withoutPrivacy: 0 });
    expect(after).toMatchObject({ trainings: 30, cached: 0, withoutPrivacy: 0 });
    const bytes = await server.store.readKey({ area: 'private', key: `${best.run}/steps/plan.json` });
    const { samplingRate, noiseMultiplier, delta } = JSON.parse(String(bytes)).output.mechanism;
    // Composition does not see how the steps of equal mechanisms were cut into trainings.
    const parts = [{ samplingRate, noiseMultiplier, steps: 4 * 30 }];
    expect(after!.epsilon).toBeCloseTo(epsilonOf({ parts, delta }), 6);

    // The history is bounded: none is much longer than what the server asks for, plus the trials under way.
    const lengths = await historyLengths('tpe');
    expect(lengths.length).toBeGreaterThan(2);
    expect(Math.max(...lengths)).toBeLessThan(SUGGEST_AT + 60);
  });

  it('started again under its id repeats nothing; another search is refused', async () => {
    const first = await searchOf('again', { trials: 3, method: 'random' });
    const second = await searchOf('again', { trials: 4, method: 'random' });
    expect(proposed(second).slice(0, 3)).toEqual(proposed(first));
    expect(second.cells.map(({ earlier }) => earlier)).toEqual([true, true, true, false]);
    const other = await searchOf('again', { trials: 4, method: 'random', seed: 2 }).catch((error) => error);
    expect(other).toBeInstanceOf(WorkflowFailedError);
    expect(other.cause).toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringContaining('another search'),
    });
  });

  it('with halving gives the resource to the best only', async () => {
    const state = await searchOf('halving', {
      method: 'random',
      seed: 5,
      trials: 4,
      resource: { min: 1, max: 4, factor: 2 },
    });
    const steps = async (run: string) =>
      JSON.parse(String(await server.store.readKey({ area: 'private', key: `${run}/steps/finetune.json` })))
        .output.steps;
    const onRung = (rung: number) => state.cells.filter(({ trial }) => trial?.rung === rung);
    expect([0, 1, 2].map((rung) => onRung(rung).length)).toEqual([4, 2, 1]);
    expect(await Promise.all([0, 1, 2].map((rung) => steps(onRung(rung)[0].run)))).toEqual([1, 2, 4]);
    const ranked = rankTrials(onRung(0), { objective: state.objective! });
    expect(
      onRung(1)
        .map(({ trial }) => trial!.index)
        .sort(),
    ).toEqual(
      ranked
        .slice(0, 2)
        .map(({ trial }) => trial.index)
        .sort(),
    );
    expect(onRung(2)[0].trial!.index).toBe(ranked[0].trial.index);
    expect(state.cost).toMatchObject({ before: { trainings: 7 }, after: { trainings: 7 } });
  });

  it('counts invalid settings as a failed trial, and ends if more trials fail than may', async () => {
    // Each value is one that a field may have; not so together with a plan of 100 records.
    const space = { 'training.expectedBatchSize': { values: [4, 1000] } };
    const state = await searchOf('odd', { method: 'random', trials: 6, space });
    const failed = state.cells.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(6);
    expect(failed[0].why).toContain('expected batch size 1000');
    // The others are one release: all but the first come from the cache. Those that failed planned no noise.
    expect(state.cost?.after).toMatchObject({ trainings: 1, cached: 5 - failed.length });
    const over = await searchOf('too-odd', { method: 'random', trials: 6, space }, { maxFailed: 0 }).catch(
      (error) => error,
    );
    expect(over.cause).toMatchObject({ type: 'VariantsFailed' });
  });
});

describe('the updates of a sweep', { timeout: 120_000 }, () => {
  it('pause, stop one trial, and go on; what cannot be done is refused', async () => {
    const handle = await start('steered', {
      experiment: { ...server.experiment, name: 'steered' },
      variants: ['a', 'b', 'c', 'd'].map((name, i) => ({ name, set: { seed: i } })),
    });
    await handle.executeUpdate(SweepUpdate.pause);
    const state = () => handle.query<SweepState>(SWEEP_STATE_QUERY);
    await expect(handle.executeUpdate(SweepUpdate.pause)).rejects.toThrow(WorkflowUpdateFailedError);
    await expect
      .poll(async () => (await state()).cells.some(({ status }) => status === 'running'), { timeout: 30_000 })
      .toBe(false);
    const paused = await state();
    expect(paused.paused).toBe(true);
    expect(paused.cells.at(-1)?.status).toBe('waiting');

    await handle.executeUpdate(SweepUpdate.stopTrial, { args: ['d'] });
    const refusal = await handle
      .executeUpdate(SweepUpdate.stopTrial, { args: ['d'] })
      .catch((error: Error) => error);
    expect(refusal).toMatchObject({
      cause: { type: 'InvalidConfig', message: 'd has already ended: stopped.' },
    });
    await expect(handle.executeUpdate(SweepUpdate.stopTrial, { args: ['z'] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('no variant "z"') },
    });

    await handle.executeUpdate(SweepUpdate.resume);
    const { cells } = (await handle.result()) as SweepState;
    expect(cells.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'stopped']);
    await expect(server.env.client.workflow.getHandle('steered-d').describe()).rejects.toThrow();
  });
});
