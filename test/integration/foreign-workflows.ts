import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ControlActivities, CpuActivities, GpuActivities } from '../../activities/index.ts';
import { TaskQueue } from '../../schemas/names.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';

export { caller } from './nexus-caller.ts';

// Workflows of somebody who may use the queues of the workers, but bypasses the ledger.
const options = { startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } } as const;
const control = proxyActivities<ControlActivities>({ ...options, taskQueue: TaskQueue.control });
const cpu = proxyActivities<CpuActivities>({ ...options, taskQueue: TaskQueue.cpu });
const gpu = proxyActivities<GpuActivities>({ ...options, taskQueue: TaskQueue.gpu });

async function prepared(input: unknown) {
  const base = { run: workflowInfo().workflowId, config: parseExperiment(input) };
  const corpus = await cpu.prepare(base);
  const plan = await control.plan({ ...base, records: corpus.records });
  return { base, corpus, plan };
}

/** Trains without a reservation. */
export async function aroundTheLedger(input: unknown): Promise<unknown> {
  const { base, corpus, plan } = await prepared(input);
  return gpu.finetune({ ...base, train: corpus.train, plan: plan.mechanism, microBatch: 8 });
}

/** Pays for a training, but passes on the private records instead of its result. */
export async function trainingRecordsAsAdapter(input: unknown): Promise<unknown> {
  const { base, corpus, plan } = await prepared(input);
  const trained = { ...base, train: corpus.train, plan: plan.mechanism, microBatch: 8 };
  const { charge } = await control.quoteBudget({ stage: 'finetune', input: trained });
  if (charge !== null) await control.reserveBudget(charge);
  const finetuned = await gpu.finetune(trained);
  if (charge !== null)
    await control.settleBudget({ ledger: charge.ledger, id: charge.reservation.id, outcome: 'commit' });
  const { corpus: synthetic } = await gpu.sampleShard({ ...base, adapter: finetuned.adapter, shard: 0 });
  return control.report({
    ...base,
    startedAt: '2026-01-01T00:00:00Z',
    prepared: corpus,
    plan,
    finetuned: { ...finetuned, adapter: corpus.train },
    synthetic: [synthetic],
    zeroShot: [],
    rows: [],
  });
}
