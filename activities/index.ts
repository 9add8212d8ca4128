import { JOB_QUEUE } from '../schemas/job-queue.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createClassify } from './classify.ts';
import { createFindFinished } from './find-finished.ts';
import { createFinetune } from './finetune.ts';
import { createHeldOut } from './held-out.ts';
import { createLedgerActivities } from './ledger/index.ts';
import { createPlan } from './plan.ts';
import { createPrepare } from './prepare.ts';
import { createProxies } from './proxies.ts';
import { createReport } from './report.ts';
import { createCloseVersion } from './resynthesis/close-version.ts';
import { createOpenVersion } from './resynthesis/open-version.ts';
import { createPublishVersion } from './resynthesis/publish-version.ts';
import { createSampleShard } from './sample-shard.ts';
import { createAccountSweep } from './sweep/account-sweep.ts';
import { createProposeTrial } from './sweep/propose-trial.ts';
import { createReleaseTrials } from './sweep/release-trials.ts';
import { createTune } from './tune.ts';

/** Light activities, on the queue of the control worker. */
export function createControlActivities(deps: ActivityDeps) {
  return {
    plan: createPlan(deps),
    report: createReport(deps),
    findFinished: createFindFinished(deps),
    proposeTrial: createProposeTrial(deps),
    accountSweep: createAccountSweep(deps),
    releaseTrials: createReleaseTrials(deps),
    closeVersion: createCloseVersion(deps),
    publishVersion: createPublishVersion(deps),
    ...createLedgerActivities(deps),
  };
}

/** Activities over compute jobs, by their public names, and the kinds of jobs that they run: these say on which queue they are. */
export const COMPUTE_ACTIVITIES = {
  openVersion: { kinds: ['open-version'], create: createOpenVersion },
  prepare: { kinds: ['prepare'], create: createPrepare },
  finetune: { kinds: ['finetune'], create: createFinetune },
  sampleShard: { kinds: ['sample'], create: createSampleShard },
  heldOut: { kinds: ['held-out'], create: createHeldOut },
  proxies: { kinds: ['proxies'], create: createProxies },
  classify: { kinds: ['classify', 'majority'], create: createClassify },
  tune: { kinds: ['tune'], create: createTune },
} as const;

type Compute = typeof COMPUTE_ACTIVITIES;
type OnQueue<Queue> = {
  [Name in keyof Compute as (typeof JOB_QUEUE)[Compute[Name]['kinds'][number]] extends Queue
    ? Name
    : never]: ReturnType<Compute[Name]['create']>;
};

/** Activities that need cores, on the queue of CPU workers. */
export function createCpuActivities(deps: ActivityDeps) {
  return createOnQueue('cpu', deps);
}

/** Activities that need a device where there is one, on the queue of GPU workers. */
export function createGpuActivities(deps: ActivityDeps) {
  return createOnQueue('gpu', deps);
}

function createOnQueue<Queue extends 'cpu' | 'gpu'>(queue: Queue, deps: ActivityDeps): OnQueue<Queue> {
  const there = Object.entries(COMPUTE_ACTIVITIES).filter(([, { kinds }]) =>
    kinds.every((kind) => JOB_QUEUE[kind] === queue),
  );
  return Object.fromEntries(there.map(([name, { create }]) => [name, create(deps)])) as OnQueue<Queue>;
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type CpuActivities = ReturnType<typeof createCpuActivities>;
export type GpuActivities = ReturnType<typeof createGpuActivities>;
