import { expect, test } from 'vitest';
import { adapterSchema, trainingSchema } from '../../schemas/settings/training.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { loadLanguageModel } from '../language-model/load-language-model.ts';
import { tinyCheckpoint } from '../language-model/tiny-checkpoint.fixture.ts';
import { openMechanism } from '../privacy/mechanism.ts';
import { planMechanism, planWithoutPrivacy } from '../privacy/mechanism-plan.ts';
import { noiseScaleTest } from '../privacy/noise-scale.fixture.ts';
import { newRunKey, runKeyFromBytes } from '../privacy/run-key.ts';
import { tf } from '../tensor/tensorflow.ts';
import { clipAndSum } from './clipped-gradients.ts';
import type { EncodedRecord } from './encode-records.ts';
import { createMethod } from './methods/create-method.ts';
import { dense } from './methods/dense-gradients.ts';
import { type TrainParams, train } from './train.ts';
import {
  decodeTrainingState,
  encodeTrainingState,
  initialTrainingState,
  type TrainingState,
} from './training-state.ts';

const source = tinyCheckpoint();
const model = await loadLanguageModel(source);
const training = trainingSchema.parse({
  adapter: { method: 'lora', rank: 4, alpha: 8, matrices: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] },
  learningRate: { peak: 0.02 },
  checkpointEvery: 1,
  averaging: 0.5,
});
const methodOf = (adapter: unknown) =>
  createMethod({
    model,
    tokenizer: source.tokenizer,
    adapter: adapterSchema.parse(adapter),
    loss: training,
    seed: 3,
  });
const method = methodOf(training.adapter);
const random = seededRandom(5);
const start = method.initial().map(() => (random() - 0.5) * 0.3);
const records: EncodedRecord[] = Array.from({ length: 60 }, () => {
  const prefixLength = 2 + Math.floor(random() * 4);
  const length = prefixLength + 1 + Math.floor(random() * 9);
  return { ids: Array.from({ length }, () => Math.floor(random() * 40)), prefixLength };
});

function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const distance = Math.hypot(...Array.from(a, (value, i) => value - b[i]));
  return distance / Math.hypot(...Array.from(b));
}

type Params = TrainParams<EncodedRecord>;

/** Trains with defaults for the parameters that a test does not set. */
function run(params: Pick<Params, 'mechanism' | 'state'> & Partial<Params>): Promise<Float32Array> {
  return train({
    phase: 'finetune',
    method,
    records,
    training,
    microBatch: 5,
    recompute: false,
    saveCheckpoint: async () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    ...params,
  });
}

test('if A is frozen, the trained adapter keeps its A', async () => {
  const half = methodOf({ ...training.adapter, freezeA: true });
  const initial = half.initial();
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize: 30, steps: 2 });
  const trained = await run({
    method: half,
    mechanism: openMechanism(plan, newRunKey()),
    state: initialTrainingState(initial, training),
  });
  const [before, after] = [half.whole(initial), half.whole(trained)];
  expect(trained.length).toBeLessThan(start.length);
  expect(after.subarray(trained.length)).toEqual(before.subarray(trained.length));
  expect(after.subarray(0, trained.length)).not.toEqual(before.subarray(0, trained.length));
});

/** Returns the gradients of records for two layers of two parameters each. */
function gradientsOf(rows: number[][]) {
  const parameters = [0, 1].map((i) => ({ name: `p${i}`, shape: [2], offset: 2 * i, length: 2 }));
  const gradients = parameters.map(({ offset }) =>
    tf.tensor2d(rows.map((row) => row.slice(offset, offset + 2))),
  );
  return dense({
    losses: new Float32Array(rows.length),
    gradients,
    parameters,
    groupOf: [0, 1],
    groups: 2,
  });
}

const ROWS = [
  [3, 0, 0, 4],
  [0.3, 0, 0.4, 0],
  [Number.NaN, 1, 0, 0],
  [0, 0, Number.POSITIVE_INFINITY, 0],
];

test('flat clipping: no record contributes more than the clipping norm, and a record that is not finite nothing', () => {
  const { sum, clipped, norms } = clipAndSum({
    gradients: gradientsOf(ROWS),
    groups: 2,
    clipping: 'flat',
    clippingNorm: 1,
  });
  expect([...sum[0].dataSync(), ...sum[1].dataSync()].map((x) => x.toFixed(5))).toEqual(
    [0.6 + 0.3, 0, 0.4, 0.8].map((x) => x.toFixed(5)),
  );
  expect(clipped).toBe(3);
  expect([...norms.subarray(0, 2)].map((x) => x.toFixed(5))).toEqual(['5.00000', '0.50000']);
});

test('per-layer clipping: each layer is cut to its own share of the norm', () => {
  const { sum, clipped } = clipAndSum({
    gradients: gradientsOf(ROWS.slice(0, 3)),
    groups: 2,
    clipping: 'per-layer',
    clippingNorm: 1,
  });
  const share = Math.SQRT1_2;
  expect([...sum[0].dataSync(), ...sum[1].dataSync()].map((x) => x.toFixed(5))).toEqual(
    [share + 0.3, 0, 0.4, share].map((x) => x.toFixed(5)),
  );
  expect(clipped).toBe(2);
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

type Options = { state?: TrainingState; key?: Uint8Array; stopAfter?: number } & Partial<Params>;

async function trainPrivately(options: Options = {}) {
  const {
    state = initialTrainingState(start, training),
    key = new Uint8Array(32),
    stopAfter,
    ...rest
  } = options;
  const abort = new AbortController();
  const saved: Buffer[] = [];
  const adapter = await run({
    mechanism: openMechanism(plan, runKeyFromBytes(key), state.digests),
    state,
    saveCheckpoint: async (current) => {
      saved.push(Buffer.concat([...encodeTrainingState(current)]));
      if (current.step === stopAfter) abort.abort();
    },
    signal: abort.signal,
    ...rest,
  }).catch((error: { type?: string }) => {
    if (stopAfter === undefined || error.type !== 'Interrupted') throw error;
    return null;
  });
  return { adapter, saved, state };
}

test.each([
  ['lora', training.adapter],
  ['prompt', { method: 'prompt', length: 4 }],
  ['full', { method: 'full' }],
] as const)(
  '%s: an interrupted run repeats draws, noise and parameters from its checkpoint',
  async (_, adapter) => {
    const own = methodOf(adapter);
    const fresh = () => initialTrainingState(own.initial(), training);
    const whole = await trainPrivately({ method: own, state: fresh() });
    const first = await trainPrivately({ method: own, state: fresh(), stopAfter: 3 });
    expect(first.adapter).toBeNull();
    const state = decodeTrainingState(first.saved.at(-1)!);
    expect(state.step).toBe(3);
    const second = await trainPrivately({ method: own, state });
    expect(second.state.digests).toEqual(whole.state.digests);
    expect(second.state.digests.steps).toBe(6);
    expect(relativeDistance(second.adapter!, whole.adapter!)).toBeLessThan(1e-6);
    expect(second.state.curve.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
  },
);

test.each([{ microBatch: 64 }, { recompute: true }])(
  'the physical settings (%o) change neither draws nor noise, and the adapter only by rounding',
  async (course) => {
    const one = await trainPrivately({ microBatch: 1 });
    const other = await trainPrivately(course);
    expect(one.state.digests).toEqual(other.state.digests);
    expect(relativeDistance(one.adapter!, other.adapter!)).toBeLessThan(1e-3);
  },
);

test('another run key draws other records and adds other noise', async () => {
  const one = await trainPrivately();
  const other = await trainPrivately({ key: new Uint8Array(32).fill(7) });
  expect(other.state.digests.draw).not.toBe(one.state.digests.draw);
  expect(other.state.digests.noise).not.toBe(one.state.digests.noise);
});

test.each([59, 61])(
  'a corpus with a different number of records than planned is refused: %d',
  async (count) => {
    const corpus = Array.from({ length: count }, (_, i) => records[i % records.length]);
    const attempt = trainPrivately({ records: corpus });
    await expect(attempt).rejects.toMatchObject({ type: 'InvalidData' });
  },
);

test('an empty draw still makes an update, with noise of deviation sigma C / (q n)', async () => {
  const batch = 0.05;
  const rare = planOf({ batch, steps: 1 });
  const state = initialTrainingState(new Float32Array(start.length), training);
  const mechanism = openMechanism(rare, runKeyFromBytes(new Uint8Array(32)));
  expect(mechanism.draw(0)).toHaveLength(0);
  await run({ mechanism, state });
  // Adam's first moment after one step is 0.1 of the noised gradient.
  const expected = (rare.noiseMultiplier * rare.clippingNorm) / batch;
  const noised = state.optimizer!.vectors.mean.map((value) => value * 10);
  expect(noiseScaleTest(noised, expected).passed).toBe(true);
  expect(noiseScaleTest(noised, expected * 1.1).passed).toBe(false);
  expect(state.curve[0]).toMatchObject({ drawn: 0, loss: null });
});

test.each([
  ['lora', training.adapter, start],
  ['prompt', { method: 'prompt', length: 4 }, null],
  ['full', { method: 'full' }, null],
] as const)('%s without noise takes the same path, and its loss falls', async (_, adapter, from) => {
  const own = methodOf(adapter);
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize: 60, steps: 15 });
  const state = initialTrainingState(from ?? own.initial(), training);
  const mechanism = openMechanism(plan, runKeyFromBytes(new Uint8Array(32)));
  await run({ method: own, mechanism, microBatch: 30, state });
  expect(state.curve.at(-1)!.loss!).toBeLessThan(state.curve[0].loss! * 0.95);
});

test('an adapter without any gradient is refused after the first update', async () => {
  const plan = planWithoutPrivacy({ records: 2, expectedBatchSize: 2, steps: 3 });
  const dead = [
    { ids: [1, 2], prefixLength: 2 },
    { ids: [3, 4], prefixLength: 2 },
  ];
  const attempt = run({
    records: dead,
    mechanism: openMechanism(plan, newRunKey()),
    state: initialTrainingState(method.initial(), training),
  });
  await expect(attempt).rejects.toMatchObject({ type: 'DeadAdapter' });
});

test('many updates leave no tensor behind', async () => {
  await trainPrivately();
  const before = tf.memory().numTensors;
  await trainPrivately();
  await trainPrivately();
  expect(tf.memory().numTensors).toBe(before);
});
