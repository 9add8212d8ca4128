import type { ComputeJobKind } from './jobs.ts';
import type { TaskQueue } from './names.ts';

/**
 * On which queue the jobs of each kind are run: by it, activities are registered with workers, and a child process is given the
 * device. Only jobs on `gpu` get it: others would only take its memory.
 */
export const JOB_QUEUE = {
  'open-version': 'cpu',
  prepare: 'cpu',
  finetune: 'gpu',
  sample: 'gpu',
  'held-out': 'gpu',
  proxies: 'gpu',
  classify: 'cpu',
  majority: 'cpu',
  tune: 'cpu',
} as const satisfies Record<ComputeJobKind, keyof typeof TaskQueue>;
