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

/** Activities that need cores, on the queue of CPU workers. */
export function createCpuActivities(deps: ActivityDeps) {
  return {
    openVersion: createOpenVersion(deps),
    prepare: createPrepare(deps),
    ...createEvaluationActivities(deps, 'cpu'),
  };
}

/** Activities that need a device where there is one, on the queue of GPU workers. */
export function createGpuActivities(deps: ActivityDeps) {
  return {
    finetune: createFinetune(deps),
    sampleShard: createSampleShard(deps),
    select: createSelect(deps),
    ...createEvaluationActivities(deps, 'gpu'),
  };
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type CpuActivities = ReturnType<typeof createCpuActivities>;
export type GpuActivities = ReturnType<typeof createGpuActivities>;
