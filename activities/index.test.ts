import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { JOB_QUEUE } from '../schemas/job-queue.ts';
import { TaskQueue } from '../schemas/names.ts';
import type { ActivityDeps } from './activity-deps.ts';
import {
  COMPUTE_ACTIVITIES,
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
  const kinds = Object.values(COMPUTE_ACTIVITIES).flatMap((activity) => activity.kinds);
  expect([...kinds].sort()).toEqual(Object.keys(JOB_QUEUE).sort());
  for (const [name, activity] of Object.entries(COMPUTE_ACTIVITIES))
    for (const kind of activity.kinds) expect(activities[JOB_QUEUE[kind]], kind).toContain(name);
});

it('has each activity on one queue, under a name that histories hold', () => {
  expect(activities.cpu.sort()).toEqual(['classify', 'openVersion', 'prepare', 'tune']);
  expect(activities.gpu.sort()).toEqual(['finetune', 'heldOut', 'proxies', 'sampleShard']);
  const all = Object.values(activities).flat();
  expect(new Set(all).size).toBe(all.length);
});

it.each(['cpu', 'gpu'] as const)('documents the activities of the queue %s', (queue) => {
  const docs = readFileSync(new URL('../docs/temporal.md', import.meta.url), 'utf8');
  const row = docs.split('\n').find((line) => line.startsWith(`| \`${TaskQueue[queue]}\``));
  for (const name of activities[queue]) expect(row).toContain(`\`${name}\``);
});
