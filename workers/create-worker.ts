import type { NativeConnection } from '@temporalio/worker';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { ActivityDeps } from '../activities/activity-deps.ts';
import { createControlActivities, createCpuActivities, createGpuActivities } from '../activities/index.ts';
import { TaskQueue } from '../schemas/names.ts';
import { dpsynthServiceHandler } from './nexus-handler.ts';
import { workflowBundle } from './workflow-bundle.ts';

export const ROLES = ['control', 'cpu', 'gpu'] as const;
export type Role = (typeof ROLES)[number];

const COMMON: Partial<WorkerOptions> = {
  // Activities are cancelled immediately after the signal, because the children need the time to save
  // checkpoints. After `shutdownForceTime` the process exits, whatever they do.
  shutdownGraceTime: '1 second',
  // How long a run waits for a killed worker before it is given to another one. Replaying a run
  // is cheap here.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  shutdownForceTime: '60 seconds',
  // Decides how recent the displayed progress is, and how soon a cancellation reaches a child.
  maxHeartbeatThrottleInterval: '5 seconds',
  defaultHeartbeatThrottleInterval: '5 seconds',
};

/**
 * Options of each role, without connection and queue. Only `control` runs workflows and needs their bundle.
 */
const OPTIONS: Record<Role, (deps: ActivityDeps) => Promise<Partial<WorkerOptions>>> = {
  control: async (deps) => ({
    activities: createControlActivities(deps),
    nexusServices: [dpsynthServiceHandler],
    workflowBundle: await workflowBundle(),
    maxConcurrentActivityTaskExecutions: 4,
  }),
  // Each classifier uses all cores. Running two at a time fills the gaps between their steps.
  cpu: async (deps) => ({ activities: createCpuActivities(deps), maxConcurrentActivityTaskExecutions: 2 }),
  // One at a time: two jobs on a device would share its memory.
  gpu: async (deps) => ({ activities: createGpuActivities(deps), maxConcurrentActivityTaskExecutions: 1 }),
};

/** Returns the worker of one role on its task queue. */
export async function createWorker(params: {
  role: Role;
  connection: NativeConnection;
  namespace: string;
  deps: ActivityDeps;
}): Promise<Worker> {
  const { role, connection, namespace, deps } = params;
  return Worker.create({
    ...COMMON,
    ...(await OPTIONS[role](deps)),
    connection,
    namespace,
    taskQueue: TaskQueue[role],
  });
}
