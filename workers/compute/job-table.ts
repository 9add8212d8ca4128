import type { JobLoaders } from './serve-job.ts';

/** The module that runs each kind of job. It is named after the kind: the step cache finds the code of a job by its name. */
export const JOBS: JobLoaders = {
  prepare: async () => (await import('./jobs/prepare.ts')).runPrepare,
  'open-version': async () => (await import('./jobs/open-version.ts')).runOpenVersion,
  finetune: async () => (await import('./jobs/finetune.ts')).runFinetune,
  sample: async () => (await import('./jobs/sample.ts')).runSample,
  select: async () => (await import('./jobs/select.ts')).runSelect,
  'held-out': async () => (await import('./jobs/held-out.ts')).runHeldOut,
  proxies: async () => (await import('./jobs/proxies.ts')).runProxies,
  classify: async () => (await import('./jobs/classify.ts')).runClassify,
  majority: async () => (await import('./jobs/majority.ts')).runMajority,
  tune: async () => (await import('./jobs/tune.ts')).runTune,
};
