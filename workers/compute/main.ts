import { serveJob } from './serve-job.ts';

// The entry of a compute child. It is forked by run-job.ts and is never imported.
await serveJob({
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
});
