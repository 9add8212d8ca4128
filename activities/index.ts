import type { ActivityDeps } from './activity-deps.ts';
import { createClassify } from './classify.ts';
import { createFindFinished } from './find-finished.ts';
import { createFinetune } from './finetune.ts';
import { createHeldOut } from './held-out.ts';
import { createPlan } from './plan.ts';
import { createPrepare } from './prepare.ts';
import { createReport } from './report.ts';
import { createSampleShard } from './sample-shard.ts';

/** Light activities, on the queue of the control worker. */
export function createControlActivities(deps: ActivityDeps) {
  return {
    plan: createPlan(deps),
    report: createReport(deps),
    findFinished: createFindFinished(deps),
  };
}

/** Activities that need cores, on the queue of CPU workers. */
export function createCpuActivities(deps: ActivityDeps) {
  return { prepare: createPrepare(deps), classify: createClassify(deps) };
}

/** Activities that need a device where there is one, on the queue of GPU workers. */
export function createGpuActivities(deps: ActivityDeps) {
  return {
    finetune: createFinetune(deps),
    sampleShard: createSampleShard(deps),
    heldOut: createHeldOut(deps),
  };
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type CpuActivities = ReturnType<typeof createCpuActivities>;
export type GpuActivities = ReturnType<typeof createGpuActivities>;
