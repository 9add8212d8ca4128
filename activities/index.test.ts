import { expect, it } from 'vitest';
import { EVALUATIONS } from '../schemas/evaluations/index.ts';
import { JOB_QUEUE } from '../schemas/job-queue.ts';
import type { ComputeJobKind } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import {
  CORPUS_ACTIVITIES,
  createControlActivities,
  createCpuActivities,
  createGpuActivities,
} from './index.ts';

const deps = {} as ActivityDeps;
const activities = {
  control: Object.keys(createControlActivities(deps)),
  cpu: Object.keys(createCpuActivities(deps)),
  gpu: Object.keys(createGpuActivities(deps)),
};

it('runs every kind of job in one activity, on the queue of that kind', () => {
  const corpus = Object.entries(CORPUS_ACTIVITIES).map(([name, { kind }]) => ({
    name,
    kinds: [kind as string],
  }));
  const evaluations = Object.values(EVALUATIONS).flatMap((stage) =>
    'activity' in stage ? [{ name: stage.activity.type as string, kinds: Object.keys(stage.jobs) }] : [],
  );
  const all = [...corpus, ...evaluations];
  expect(all.flatMap(({ kinds }) => kinds).sort()).toEqual(Object.keys(JOB_QUEUE).sort());
  for (const { name, kinds } of all)
    for (const kind of kinds) expect(activities[JOB_QUEUE[kind as ComputeJobKind]], kind).toContain(name);
});

it('has each activity on one queue, under a name that histories hold', () => {
  expect(activities.cpu.sort()).toEqual(['classify', 'openVersion', 'prepare', 'tune']);
  expect(activities.gpu.sort()).toEqual(['finetune', 'heldOut', 'proxies', 'sampleShard', 'select']);
  const all = Object.values(activities).flat();
  expect(new Set(all).size).toBe(all.length);
});
