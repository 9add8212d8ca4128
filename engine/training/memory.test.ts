import { expect, test } from 'vitest';
import { trainingSchema } from '../../schemas/settings/training.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { loadLanguageModel } from '../language-model/load-language-model.ts';
import { tinyCheckpoint } from '../language-model/tiny-checkpoint.fixture.ts';
import { openMechanism } from '../privacy/mechanism.ts';
import { planMechanism } from '../privacy/mechanism-plan.ts';
import { newRunKey } from '../privacy/run-key.ts';
import { tf } from '../tensor/tensorflow.ts';
import { createMethod } from './methods/create-method.ts';
import { train } from './train.ts';
import { initialTrainingState } from './training-state.ts';

/** Updates after which the allocator and the compiler have settled. */
const WARM = 300;
const STEPS = 1000;
/** A leak of one small tensor per update exceeds this; fluctuations of the resident set stay below. */
const GROWTH_BYTES = 40e6;

test('over 1,000 updates the number of tensors stays constant and the resident set stays flat', async () => {
  const source = tinyCheckpoint();
  const model = await loadLanguageModel(source);
  const training = trainingSchema.parse({
    adapter: { method: 'lora', rank: 2, matrices: ['q', 'v'] },
    steps: STEPS,
    checkpointEvery: 1,
  });
  const method = createMethod({
    model,
    tokenizer: source.tokenizer,
    adapter: training.adapter,
    loss: training,
    seed: 1,
  });
  const random = seededRandom(9);
  const records = Array.from({ length: 200 }, () => ({
    ids: Array.from({ length: 3 + Math.floor(random() * 12) }, () => Math.floor(random() * 40)),
    prefixLength: 2,
  }));
  const plan = planMechanism({
    records: records.length,
    expectedBatchSize: 3,
    steps: STEPS,
    clippingNorm: 1,
    target: { noiseMultiplier: 4 },
  });
  const tensors: number[] = [];
  const resident: number[] = [];
  await train({
    phase: 'finetune',
    method,
    records,
    mechanism: openMechanism(plan, newRunKey()),
    training,
    microBatch: 2,
    recompute: false,
    state: initialTrainingState(method.initial(), training),
    saveCheckpoint: async () => {
      tensors.push(tf.memory().numTensors);
      resident.push(process.memoryUsage.rss());
    },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  expect(tensors).toHaveLength(STEPS);
  expect(new Set(tensors).size).toBe(1);
  const highest = (part: number[]) => Math.max(...part);
  expect(highest(resident.slice(-100)) - highest(resident.slice(WARM - 100, WARM))).toBeLessThan(
    GROWTH_BYTES,
  );
}, 120_000);
