import { expect, test } from 'vitest';
import { trainingSchema } from '../../schemas/experiment.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { loadLlama } from '../language-model/llama.ts';
import { initialLora, loraLayout, loraTensors } from '../language-model/lora.ts';
import { tinyCheckpoint } from '../language-model/tiny-checkpoint.ts';
import { openMechanism } from '../privacy/mechanism.ts';
import { planMechanism, planWithoutPrivacy } from '../privacy/mechanism-plan.ts';
import { noiseScaleTest } from '../privacy/noise-scale-test.ts';
import { newRunKey, runKeyFromBytes } from '../privacy/run-key.ts';
import { tf } from '../tensor/tensorflow.ts';
import { clipAndSum } from './clipped-gradients.ts';
import type { EncodedRecord } from './encode-records.ts';
import { recordGradients } from './record-gradients.ts';
import { trainLora } from './train-lora.ts';
import {
  decodeTrainingState,
  encodeTrainingState,
  initialTrainingState,
  type TrainingState,
} from './training-state.ts';

const model = await loadLlama(tinyCheckpoint());
const training = trainingSchema.parse({
  adapter: { rank: 4, alpha: 8, matrices: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] },
  learningRate: { peak: 0.02 },
  checkpointEvery: 1,
  averaging: 0.5,
});
const layout = loraLayout(model.config, training.adapter);
const frozen = new Float32Array(0);
const random = seededRandom(5);
const start = Float32Array.from({ length: layout.parameters }, () => (random() - 0.5) * 0.3);
const records: EncodedRecord[] = Array.from({ length: 60 }, () => {
  const prefixLength = 2 + Math.floor(random() * 4);
  const length = prefixLength + 1 + Math.floor(random() * 9);
  return { ids: Array.from({ length }, () => Math.floor(random() * 40)), prefixLength };
});

function gradientsOf(batch: EncodedRecord[], parameters = start): { losses: Float32Array; rows: number[][] } {
  const lora = loraTensors(layout, parameters);
  const { losses, gradients } = recordGradients({
    model,
    layout,
    lora,
    records: batch,
    lossNormalisation: 'mean',
    maxTokens: 12,
  });
  const rows = gradients.arraySync() as number[][];
  gradients.dispose();
  for (const { a, b } of lora) tf.dispose([a, b]);
  return { losses, rows };
}

function relativeDistance(a: number[], b: number[]): number {
  const distance = Math.hypot(...a.map((value, i) => value - b[i]));
  return distance / Math.hypot(...b);
}

test('per-record gradients of a batch equal the gradients of one record at a time', () => {
  const batch = records.slice(0, 7);
  const { rows, losses } = gradientsOf(batch);
  batch.forEach((record, i) => {
    const alone = gradientsOf([record]);
    expect(relativeDistance(rows[i], alone.rows[0])).toBeLessThan(1e-4);
    expect(losses[i]).toBeCloseTo(alone.losses[0], 5);
  });
});

test('the gradient of every adapted matrix agrees with finite differences of the loss', () => {
  const [record] = records;
  const [row] = gradientsOf([record]).rows;
  const ranges = layout.sites.flatMap(({ block, matrix, offsetA, offsetB, inputs, outputs, rank }) => [
    { name: `block ${block}, A of ${matrix}`, from: offsetA, to: offsetA + inputs * rank },
    { name: `block ${block}, B of ${matrix}`, from: offsetB, to: offsetB + rank * outputs },
  ]);
  for (const { name, from, to } of ranges) {
    const length = Math.hypot(...row.slice(from, to));
    const at = (sign: number) => {
      const moved = start.map((value, i) =>
        i >= from && i < to ? value + (sign * 0.01 * row[i]) / length : value,
      );
      return gradientsOf([record], moved).losses[0];
    };
    const slope = (at(1) - at(-1)) / 0.02;
    expect(Math.abs(slope / length - 1), name).toBeLessThan(0.02);
  }
});

test('with A frozen the gradient is that of B, and the trained adapter keeps its A', async () => {
  const half = loraLayout(model.config, { ...training.adapter, freezeA: true });
  expect(half.parameters).toBeLessThan(layout.parameters);
  const tensors = loraTensors(half, start);
  const { gradients } = recordGradients({
    model,
    layout: half,
    lora: tensors,
    records: [records[0]],
    lossNormalisation: 'mean',
    maxTokens: 12,
  });
  const [whole] = gradientsOf([records[0]]).rows;
  expect(relativeDistance([...gradients.dataSync()], whole.slice(0, half.parameters))).toBeLessThan(1e-6);
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize: 30, steps: 2 });
  const adapter = await trainLora({
    model,
    layout: half,
    records,
    mechanism: openMechanism(plan, newRunKey()),
    training,
    microBatch: 30,
    frozen: start.subarray(half.parameters),
    state: initialTrainingState(start.subarray(0, half.parameters)),
    saveCheckpoint: async () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  expect(adapter.subarray(half.parameters)).toEqual(start.subarray(half.parameters));
  expect(adapter.subarray(0, half.parameters)).not.toEqual(start.subarray(0, half.parameters));
});

test('prefix tokens carry no loss, and a record with no target tokens contributes zero', () => {
  const { losses } = gradientsOf([{ ids: [1, 2, 3, 4], prefixLength: 4 }, records[0]]);
  expect(losses[0]).toBe(0);
  const { rows } = gradientsOf([{ ids: [1, 2, 3, 4], prefixLength: 4 }]);
  expect(Math.max(...rows[0].map(Math.abs))).toBe(0);
});

test('clipping: no record contributes more than the clipping norm, and one that is not finite contributes nothing', () => {
  const gradients = tf.tensor2d([
    [3, 4],
    [0.3, 0.4],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 0],
  ]);
  const { sum, clipped } = clipAndSum(gradients, 1);
  expect(sum[0]).toBeCloseTo(0.6 + 0.3, 6);
  expect(sum[1]).toBeCloseTo(0.8 + 0.4, 6);
  expect(clipped).toBe(3);
});

function planOf(params: Partial<{ batch: number; steps: number; noiseMultiplier: number }> = {}) {
  const { batch = 12, steps = 6, noiseMultiplier = 0.8 } = params;
  return planMechanism({
    records: records.length,
    expectedBatchSize: batch,
    steps,
    clippingNorm: 0.5,
    delta: 1e-3,
    target: { noiseMultiplier },
  });
}

const plan = planOf();

type Options = { state?: TrainingState; key?: Uint8Array; stopAfter?: number; microBatch?: number };

async function train({
  state = initialTrainingState(start),
  key = new Uint8Array(32),
  stopAfter,
  microBatch = 5,
}: Options = {}) {
  const abort = new AbortController();
  const saved: Buffer[] = [];
  const mechanism = openMechanism(plan, runKeyFromBytes(key), state.digests);
  const adapter = await trainLora({
    model,
    layout,
    records,
    mechanism,
    training,
    frozen,
    microBatch,
    state,
    saveCheckpoint: async (current) => {
      saved.push(encodeTrainingState(current));
      if (current.step === stopAfter) abort.abort();
    },
    onProgress: () => {},
    signal: abort.signal,
  }).catch((error: { type?: string }) => {
    if (stopAfter === undefined || error.type !== 'Interrupted') throw error;
    return null;
  });
  return { adapter, saved, state };
}

test('a run that is interrupted and resumed from its checkpoint repeats the draws, the noise and the adapter', async () => {
  const whole = await train();
  const first = await train({ stopAfter: 3 });
  expect(first.adapter).toBeNull();
  const state = decodeTrainingState(first.saved.at(-1)!);
  expect(state.step).toBe(3);
  const second = await train({ state });
  expect(second.state.digests).toEqual(whole.state.digests);
  expect(second.state.digests.steps).toBe(6);
  expect(relativeDistance([...second.adapter!], [...whole.adapter!])).toBeLessThan(1e-6);
  expect(second.state.curve.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('the physical micro-batch changes neither draws nor noise, and the adapter only by rounding', async () => {
  const small = await train({ microBatch: 1 });
  const large = await train({ microBatch: 64 });
  expect(small.state.digests).toEqual(large.state.digests);
  expect(relativeDistance([...small.adapter!], [...large.adapter!])).toBeLessThan(1e-3);
});

test('another run key draws other records and adds other noise', async () => {
  const one = await train();
  const other = await train({ key: new Uint8Array(32).fill(7) });
  expect(other.state.digests.draw).not.toBe(one.state.digests.draw);
  expect(other.state.digests.noise).not.toBe(one.state.digests.noise);
});

test('an empty draw still takes a step, of noise with deviation sigma C / (q n)', async () => {
  const batch = 0.05;
  const rare = planOf({ batch, steps: 1 });
  const parameters = new Float32Array(layout.parameters);
  const state = initialTrainingState(parameters);
  const mechanism = openMechanism(rare, runKeyFromBytes(new Uint8Array(32)));
  expect(mechanism.draw(0)).toHaveLength(0);
  // Adam's first moment after one step is 0.1 of the released gradient.
  await trainLora({
    model,
    layout,
    records,
    mechanism,
    training,
    frozen,
    microBatch: 5,
    state,
    saveCheckpoint: async () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  const expected = (rare.noiseMultiplier * rare.clippingNorm) / batch;
  const released = state.adam.mean.map((value) => value * 10);
  expect(noiseScaleTest(released, expected).passed).toBe(true);
  expect(noiseScaleTest(released, expected * 1.1).passed).toBe(false);
  expect(state.curve[0]).toMatchObject({ drawn: 0, loss: null });
});

test('the noise-free baseline goes the same way and its loss falls', async () => {
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize: 30, steps: 15 });
  const state = initialTrainingState(start);
  await trainLora({
    model,
    layout,
    records,
    mechanism: openMechanism(plan, newRunKey()),
    training,
    frozen,
    microBatch: 30,
    state,
    saveCheckpoint: async () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  expect(state.curve.at(-1)!.loss!).toBeLessThan(state.curve[0].loss! * 0.9);
});

test('an adapter that no gradient reaches is refused after the first update', async () => {
  const plan = planWithoutPrivacy({ records: 2, expectedBatchSize: 2, steps: 3 });
  const dead = [
    { ids: [1, 2], prefixLength: 2 },
    { ids: [3, 4], prefixLength: 2 },
  ];
  const attempt = trainLora({
    model,
    layout,
    records: dead,
    mechanism: openMechanism(plan, newRunKey()),
    training,
    frozen,
    microBatch: 2,
    state: initialTrainingState(initialLora(layout, random)),
    saveCheckpoint: async () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  await expect(attempt).rejects.toMatchObject({ type: 'DeadAdapter' });
});

test('many updates leave no tensor behind', async () => {
  await train();
  const before = tf.memory().numTensors;
  await train();
  await train();
  expect(tf.memory().numTensors).toBe(before);
});
