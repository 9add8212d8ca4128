import { decodeAdapter, encodeAdapter } from '../../../engine/language-model/adapter-file.ts';
import { inBfloat16 } from '../../../engine/language-model/in-bfloat16.ts';
import { resolvePrecision } from '../../../engine/language-model/precision.ts';
import { openMechanism } from '../../../engine/privacy/mechanism.ts';
import { reopenPlan } from '../../../engine/privacy/mechanism-plan.ts';
import { encodeRecords } from '../../../engine/training/encode-records.ts';
import { planMemory } from '../../../engine/training/memory-estimate.ts';
import { createMethod } from '../../../engine/training/methods/create-method.ts';
import { train } from '../../../engine/training/train.ts';
import { initialTrainingState, type TrainingState } from '../../../engine/training/training-state.ts';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import type { Precision, TrainingConfig } from '../../../schemas/settings/training.ts';
import { latestCheckpoint, saveCheckpoint } from '../checkpoints.ts';
import type { JobContext } from '../job-context.ts';
import { loadModel } from '../load-model.ts';
import { openRunKey } from '../run-key.ts';
import { trainingDigest } from '../training-digest.ts';
import { readRecords } from './read-records.ts';

/**
 * Fine-tunes an adapter under the plan's mechanism, from the run's last checkpoint where there is one.
 * The adapter stands in `private/` until the run is released; diagnostics stay there.
 */
export async function runFinetune(
  job: JobOf<'finetune'>,
  context: JobContext,
): Promise<JobResult<'finetune'>> {
  const { run, training } = job;
  const { store, onProgress, signal } = context;
  onProgress({ phase: 'load the model', step: 0, of: job.plan.steps });
  const plan = reopenPlan(job.plan);
  const precision = finetunePrecision(training);
  const { model, source } = await loadModel(job.model);
  const records = encodeRecords({
    records: await readRecords(store, job.train, 'the training split'),
    template: job.template,
    tokenizer: source.tokenizer,
    maxTokens: training.maxTokens,
    objective: training.objective,
  });
  const { adapter: adapterConfig } = training;
  const method = createMethod({
    model: precision === 'bfloat16' ? inBfloat16(model, { backward: true }) : model,
    tokenizer: source.tokenizer,
    adapter: adapterConfig,
    loss: training,
    seed: job.seed,
  });
  const checkpoints = { store, run, training: trainingDigest(job, precision) };
  const state = (await latestCheckpoint(checkpoints)) ?? initialTrainingState(method.initial(), training);
  const mechanism = openMechanism(plan, await openRunKey(checkpoints), state.digests);
  const save = async (current: TrainingState) => {
    const checkpoint = await saveCheckpoint(checkpoints, current);
    onProgress({ phase: 'finetune', step: current.step, of: plan.steps, checkpoint });
  };
  const memory = planMemory({
    model: model.config,
    adapter: adapterConfig,
    tokens: records.reduce((most, { ids }) => Math.max(most, ids.length), 1),
    microBatch: job.microBatch,
    recompute: training.recompute,
    precision,
  });
  const trained = await train({
    phase: 'finetune',
    method,
    records,
    mechanism,
    training,
    microBatch: memory.microBatch,
    recompute: memory.recompute,
    state,
    saveCheckpoint: save,
    onProgress,
    signal,
  });

  const values = method.whole(trained);
  const bytes = encodeAdapter({ model: model.config, adapter: adapterConfig, values });
  assertReloads(values, decodeAdapter({ model: model.config, bytes }).values);
  const layout = runLayout(run);
  const adapter = await store.put({
    ...layout.adapter.private,
    body: bytes,
    mediaType: 'application/octet-stream',
    replace: true,
  });
  const diagnostics = await store.putJson({
    ...layout.finetuneDiagnostics,
    value: { precision, curve: state.curve, digests: state.digests },
    indented: true,
    replace: true,
  });
  return {
    adapter,
    diagnostics,
    steps: state.step,
    trainableParameters: trained.length,
    precision,
  };
}

/** Full fine-tuning has no frozen matrices. */
function finetunePrecision({ adapter, precision }: TrainingConfig): Precision {
  const resolved = resolvePrecision(precision);
  return adapter.method === 'full' ? 'float32' : resolved;
}

function assertReloads(written: Float32Array, read: Float32Array): void {
  if (written.length === read.length && written.every((value, i) => value === read[i])) return;
  throw new DpsynthError({
    type: ErrorType.DeadAdapter,
    message:
      'The saved adapter does not read back as it was trained: the run is stopped before sampling from it.',
  });
}
