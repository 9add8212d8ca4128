import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { planExperiment } from '../plan-experiment.ts';
import { composedCost, distinctReleases, trainingsOf } from './trainings.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-trainings-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A run that planned, and trained if it has a release; as its steps leave it. */
async function run(
  name: string,
  epsilon: number | 'none',
  release?: string,
  cachedFrom?: string,
  selected?: string,
) {
  const config = parseExperiment({
    corpus: { source: 'x', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 't' },
    privacy: { epsilon },
    ...(selected === undefined ? {} : { selection: {} }),
  });
  const keep = async (step: string, output: object) => {
    const record = { input: '', stage: step, startedAt: '', endedAt: '', output };
    const key = `${name}/steps/${step}.json`;
    await store.put({ area: 'private', key, body: JSON.stringify(record), mediaType: 'application/json' });
  };
  await keep('plan', planExperiment({ config, records: 3000, trainableParameters: 10 }));
  const ref = { uri: 'file:///x', keyedDigest: 'ab'.repeat(32), mediaType: 'text/plain' };
  const trained = { adapter: ref, diagnostics: ref, steps: 16, trainableParameters: 10 };
  if (release !== undefined)
    await keep('finetune', { ...trained, release, ...(cachedFrom === undefined ? {} : { cachedFrom }) });
  if (selected !== undefined) await keep('select', { corpus: ref, summary: ref, release: selected });
}

it('counts each release once, a training that failed as well, and none without privacy', async () => {
  await run('a', 8, 'one');
  await run('b', 8, 'one', 'a');
  await run('c', 8, 'two');
  await run('failed', 8);
  await run('open', 'none', 'three');
  const trainings = await trainingsOf({ store, runs: ['a', 'b', 'c', 'failed', 'open', 'not-begun'] });
  expect(trainings.map(({ isCached }) => isCached)).toEqual([false, true, false, false, false]);
  expect(distinctReleases(trainings)).toHaveLength(3);
});

it('composes: ten trials at epsilon 8 are more than one and less than ten', async () => {
  for (let i = 0; i < 10; i++) await run(`t${i}`, 8, `release-${i}`);
  const trainings = await trainingsOf({ store, runs: Array.from({ length: 10 }, (_, i) => `t${i}`) });
  const cost = composedCost(distinctReleases(trainings))!;
  expect(cost.delta).toBe(1e-5);
  expect(cost.epsilon).toBeGreaterThan(16);
  expect(cost.epsilon).toBeLessThan(20);
  expect(composedCost([])).toBeNull();
});

it('adds up where the accountant does not answer', async () => {
  await run('a', 8, 'one');
  const [plan] = distinctReleases(await trainingsOf({ store, runs: ['a'] }));
  const tiny = { ...plan, delta: 1e-300, epsilon: 5 };
  expect(composedCost([tiny, tiny])).toEqual({ epsilon: 10, delta: 2e-300 });
});

it('counts the selections of runs that share one fine-tuning each for itself', async () => {
  await run('a', 8, 'one', undefined, 'first');
  const alone = composedCost(distinctReleases(await trainingsOf({ store, runs: ['a'] })))!;
  expect(alone.epsilon).toBeCloseTo(8, 1);
  await run('b', 8, 'one', 'a', 'second');
  const releases = distinctReleases(await trainingsOf({ store, runs: ['a', 'b'] }));
  expect(releases).toHaveLength(3);
  expect(composedCost(releases)!.epsilon).toBeGreaterThan(alone.epsilon + 0.2);
});
