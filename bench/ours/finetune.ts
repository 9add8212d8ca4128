import { readFile } from 'node:fs/promises';
import { decodeAdapter } from '../../engine/language-model/adapter-file.ts';
import { recordNorms } from '../../engine/privacy/clipping.ts';
import { openMechanism } from '../../engine/privacy/mechanism.ts';
import { planMechanism } from '../../engine/privacy/mechanism-plan.ts';
import { newRunKey } from '../../engine/privacy/run-key.ts';
import { createMethod } from '../../engine/training/methods/create-method.ts';
import { train } from '../../engine/training/train.ts';
import { initialTrainingState } from '../../engine/training/training-state.ts';
import { trainingSchema } from '../../schemas/settings/training.ts';
import type { FinetuneTask } from '../finetune-task.ts';
import { loadOurs } from './load-ours.ts';
import { cpuSeconds, giveResult, readTask } from './task.ts';

/**
 * DP fine-tuning of LoRA by our engine: the loss and gradient norms of a few records, then the time
 * of whole updates.
 */
const task = readTask<FinetuneTask>();
const { expectedBatchSize, updates, microBatch, clippingNorm, noiseMultiplier, learningRate } = task;
// No token precedes the first one and could predict it.
const records = task.records.map((ids) => ({ ids, prefixLength: 1 }));

const { model, source } = await loadOurs(task.model, { precision: task.precision, backward: true });
const { adapter, values } = decodeAdapter({ model: model.config, bytes: await readFile(task.adapter) });
const loss = { lossNormalisation: 'mean', maxTokens: task.records[0].length } as const;
const method = createMethod({ model, tokenizer: source.tokenizer, adapter, loss, seed: 1 });
const training = trainingSchema.parse({
  adapter,
  expectedBatchSize,
  steps: updates,
  learningRate: { peak: learningRate },
  checkpointEvery: updates,
});

// The comparison, which also warms up.
const losses: number[] = [];
const norms: number[] = [];
const loaded = method.load(values, { recompute: false });
for (let from = 0; from < task.checked; from += microBatch) {
  const batch = records.slice(from, Math.min(from + microBatch, task.checked));
  const gradients = loaded.gradients(batch);
  losses.push(...gradients.losses);
  norms.push(...recordNorms(gradients.squaredNorms, method.groups));
  gradients.dispose();
}
loaded.dispose();

const plan = planMechanism({
  records: records.length,
  expectedBatchSize,
  steps: updates,
  clippingNorm,
  target: { noiseMultiplier },
});
const state = initialTrainingState(values, training);
const before = cpuSeconds();
const started = performance.now();
await train({
  phase: 'finetune',
  method,
  records,
  mechanism: openMechanism(plan, newRunKey()),
  training,
  microBatch,
  recompute: false,
  state,
  saveCheckpoint: async () => {},
  onProgress: () => {},
  signal: new AbortController().signal,
});
const seconds = (performance.now() - started) / 1000;
const drawn = state.curve.reduce((sum, { drawn }) => sum + drawn, 0);
giveResult({ losses, norms, records: drawn, seconds, cpuSeconds: cpuSeconds() - before });
