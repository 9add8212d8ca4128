import { JOB_QUEUE } from '../schemas/job-queue.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createEvaluationActivities } from './evaluations/index.ts';
import { createFindFinished } from './find-finished.ts';
import { createFinetune } from './finetune.ts';
import { createLedgerActivities } from './ledger/index.ts';
import { createPlan } from './plan.ts';
import { createPrepare } from './prepare.ts';
import { createReport } from './report.ts';
import { createCloseVersion } from './resynthesis/close-version.ts';
import { createOpenVersion } from './resynthesis/open-version.ts';
import { createPublishVersion } from './resynthesis/publish-version.ts';
import { createSampleShard } from './sample-shard.ts';
import { createSelect } from './select.ts';
import { createAccountSweep } from './sweep/account-sweep.ts';
import { createProposeTrial } from './sweep/propose-trial.ts';
import { createReleaseTrials } from './sweep/release-trials.ts';

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

/** The activities that make a corpus, by their public names, and the kinds of jobs that they run, which say on which queue they are. */
export const CORPUS_ACTIVITIES = {
  openVersion: { kind: 'open-version', create: createOpenVersion },
  prepare: { kind: 'prepare', create: createPrepare },
  finetune: { kind: 'finetune', create: createFinetune },
  sampleShard: { kind: 'sample', create: createSampleShard },
  select: { kind: 'select', create: createSelect },
} as const;

type Corpus = typeof CORPUS_ACTIVITIES;
type OnQueue<Queue> = {
  [Name in keyof Corpus as (typeof JOB_QUEUE)[Corpus[Name]['kind']] extends Queue ? Name : never]: ReturnType<
    Corpus[Name]['create']
  >;
};

/** Activities that need cores, on the queue of CPU workers. */
export function createCpuActivities(deps: ActivityDeps) {
  return { ...createOnQueue('cpu', deps), ...createEvaluationActivities(deps, 'cpu') };
}

/** Activities that need a device where there is one, on the queue of GPU workers. */
export function createGpuActivities(deps: ActivityDeps) {
  return { ...createOnQueue('gpu', deps), ...createEvaluationActivities(deps, 'gpu') };
}

function createOnQueue<Queue extends 'cpu' | 'gpu'>(queue: Queue, deps: ActivityDeps): OnQueue<Queue> {
  const there = Object.entries(CORPUS_ACTIVITIES).filter(([, { kind }]) => JOB_QUEUE[kind] === queue);
  return Object.fromEntries(there.map(([name, { create }]) => [name, create(deps)])) as OnQueue<Queue>;
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type CpuActivities = ReturnType<typeof createCpuActivities>;
export type GpuActivities = ReturnType<typeof createGpuActivities>;
