import { expect, test, vi } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { composedOps } from './composed-ops.ts';
import type { Activation, FusedOps, RotaryTables } from './fused-ops.ts';
import { loadNativeKernels } from './native-kernels.ts';
import { nativeOps } from './native-ops.ts';
import { type Tensor, tf } from './tensorflow.ts';

// More threads than some calls have chunks, and probably more than cores. The kernels read it at their first
// call.
vi.hoisted(() => {
  process.env.TF_NUM_INTRAOP_THREADS = '3';
});

test('the set-up has built the kernels', () => {
  expect(loadNativeKernels()).toBe(true);
});

/** A call of a fused step on fixed inputs. */
type Case = { name: string; run: (ops: FusedOps) => (Tensor | null)[] };

const random = seededRandom(7);

function normal(shape: number[], spread = 1): Tensor {
  const count = shape.reduce((product, axis) => product * axis, 1);
  const draw = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) * spread;
  return tf.tensor(Float32Array.from({ length: count }, draw), shape);
}

const values = (tensor: Tensor) => [...tensor.dataSync()];

function rotaryTables(rows: number, half: number): RotaryTables {
  const angle = normal([rows, half], 2);
  return { cosine: tf.cos(angle), sine: tf.sin(angle) };
}

// One row, widths that are not multiples of a vector's length, and sizes shared by several threads.
const matrices = [
  [1, 2],
  [1, 19],
  [7, 48],
  [3, 577],
  [900, 333],
];
const heads = [
  { records: 1, tokens: 1, heads: 1, headWidth: 2 },
  { records: 3, tokens: 5, heads: 2, headWidth: 6 },
  { records: 6, tokens: 64, heads: 9, headWidth: 64 },
];
const scores = [
  { shape: [1, 1, 1], tokens: 1, window: null },
  { shape: [3, 2, 9], tokens: 1, window: null },
  { shape: [2, 3 * 5, 5], tokens: 5, window: null },
  { shape: [2, 3 * 5, 21], tokens: 5, window: 4 },
  { shape: [40, 2 * 67, 67], tokens: 67, window: null },
];
const caches = [
  { slots: 1, heads: 1, keyValueHeads: 1, headWidth: 2, capacity: 1 },
  { slots: 3, heads: 6, keyValueHeads: 2, headWidth: 10, capacity: 37 },
  { slots: 20, heads: 9, keyValueHeads: 3, headWidth: 64, capacity: 61 },
];
const clusterings = [
  { rows: 1, dims: 1, clusters: 1 },
  { rows: 18, dims: 3, clusters: 17 },
  { rows: 250, dims: 37, clusters: 16 },
  { rows: 1500, dims: 184, clusters: 133 },
];
const activations: Activation[] = ['silu', 'gelu-tanh'];

function cases(): Case[] {
  const result: Case[] = [];
  const add = (name: string, run: Case['run']) => result.push({ name, run });
  for (const shape of matrices) {
    const [rows, width] = shape;
    const [x, dy, residual, weight, up] = [
      normal(shape),
      normal(shape),
      normal(shape),
      normal([width]),
      normal(shape),
    ];
    const { inverse } = composedOps.rmsNorm(x, weight, 1e-5);
    add(`rmsNorm ${shape}`, (ops) => Object.values(ops.rmsNorm(x, weight, 1e-5)));
    add(`rmsNormBackward ${shape}`, (ops) => [ops.rmsNormBackward({ dy, x, weight, inverse })]);
    add(`rmsNormBackward ${shape} and residual`, (ops) => [
      ops.rmsNormBackward({ dy, x, weight, inverse, residual }),
    ]);
    const gate = normal(shape, 4);
    for (const activation of activations) {
      add(`gatedActivation ${activation} ${shape}`, (ops) => [ops.gatedActivation(gate, up, activation)]);
      add(`gatedActivationBackward ${activation} ${shape}`, (ops) =>
        Object.values(ops.gatedActivationBackward({ dy, gate, up, activation })),
      );
    }
    add(`gelu ${shape}`, (ops) => [ops.gelu(gate), ops.geluBackward(dy, gate)]);
    const logits = normal(shape, 5);
    const targets = Int32Array.from({ length: rows }, () => Math.floor(random() * width));
    add(`softmaxCrossEntropy ${shape}`, (ops) => [ops.softmaxCrossEntropy(logits, targets, false).nll]);
    add(`softmaxCrossEntropy ${shape} with gradient`, (ops) =>
      Object.values(ops.softmaxCrossEntropy(logits, targets, true)),
    );
    const y = tf.softmax(normal(shape));
    add(`softmaxBackward ${shape}`, (ops) => [ops.softmaxBackward(dy, y, 0.125)]);
  }
  for (const shape of heads) {
    const rows = shape.records * shape.tokens;
    const joined = normal([rows, shape.heads * shape.headWidth]);
    const split = normal([shape.records * shape.heads, shape.tokens, shape.headWidth]);
    const half = shape.headWidth / 2;
    for (const rotary of [null, rotaryTables(shape.tokens, half), rotaryTables(rows, half)]) {
      const name = `${Object.values(shape)} rotary ${rotary?.cosine.shape}`;
      add(`toHeads ${name}`, (ops) => [ops.toHeads(joined, shape, rotary)]);
      add(`fromHeads ${name}`, (ops) => [ops.fromHeads(split, shape, rotary)]);
    }
  }
  for (const { shape, tokens, window } of scores) {
    const x = normal(shape, 8);
    add(`causalSoftmax ${shape} window ${window}`, (ops) => [ops.causalSoftmax(x, 0.5, { tokens, window })]);
  }
  for (const { slots, heads, keyValueHeads, headWidth, capacity } of caches) {
    const q = normal([slots * heads, 1, headWidth], 2);
    const [k, v] = [
      normal([slots, keyValueHeads, capacity, headWidth]),
      normal([slots, keyValueHeads, capacity, headWidth]),
    ];
    const positions = Array.from({ length: slots }, (_, slot) => (capacity - 1 - 3 * slot) % capacity);
    for (const window of [null, 3])
      add(`cachedAttention ${k.shape} window ${window}`, (ops) => [
        ops.cachedAttention({ q, k, v, visible: ops.visibleKeys(positions, window, capacity), scale: 0.3 }),
      ]);
  }
  for (const { rows, dims, clusters } of clusterings) {
    const x = tf.randomNormal([rows, dims], 0, 1, 'float32', 7);
    const centroids = tf.slice(x, [0, 0], [clusters, dims]);
    const before = tf.fill([rows], -1, 'int32');
    for (const iterations of [1, 3, 100])
      add(`lloyd ${rows} ${dims} ${clusters}, ${iterations} iterations`, (ops) => {
        const { iterations: done, finished, ...found } = ops.lloyd({ x, centroids, before, iterations });
        return [found.labels, found.scores, found.centroids, tf.tensor1d([done, finished ? 1 : 0])];
      });
  }
  return result;
}

// The composition's 1 - tanh^2 cancels; a test below requires 1e-6 from the kernel against float64.
const GELU_TOLERANCE = 6e-6;

test.each(cases())('the kernel gives the same result as the composition: $name', ({ name, run }) => {
  const native = run(nativeOps);
  const composed = run(composedOps);
  expect(native.length).toBe(composed.length);
  native.forEach((tensor, i) => {
    expect(tensor!.shape).toEqual(composed[i]!.shape);
    expect(relativeError(tensor!, composed[i]!)).toBeLessThan(
      name.includes('gelu') ? GELU_TOLERANCE : 2.5e-6,
    );
  });
});

/** Returns the largest difference, relative to the largest number or 1. */
function relativeError(found: Tensor, wanted: Tensor): number {
  const [a, b] = [values(found), values(wanted)];
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / largest;
}

/** Returns the gradient of f at x by central differences in float64. */
function differences(f: (x: number[]) => number, x: number[]): number[] {
  const step = 1e-5;
  const moved = (i: number, by: number) => x.map((value, j) => (i === j ? value + by : value));
  return x.map((_, i) => (f(moved(i, step)) - f(moved(i, -step))) / (2 * step));
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function softmax64(x: number[]): number[] {
  const powers = x.map((value) => Math.exp(value));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

const activation64: Record<Activation, (x: number) => number> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  'gelu-tanh': (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

function expectClose(found: Tensor, wanted: number[]): void {
  expect(relativeError(found, tf.tensor(wanted, found.shape))).toBeLessThan(1e-6);
}

test('gradients equal float64 differences', () => {
  const width = 21;
  const [x, dy, weight] = [normal([1, width]), normal([1, width]), normal([width])];
  const { inverse } = nativeOps.rmsNorm(x, weight, 1e-5);
  const norm64 = (input: number[]) => {
    const scale = 1 / Math.sqrt(dot(input, input) / width + 1e-5);
    return dot(
      values(dy),
      input.map((value, i) => value * scale * values(weight)[i]),
    );
  };
  expectClose(nativeOps.rmsNormBackward({ dy, x, weight, inverse }), differences(norm64, values(x)));

  const up = normal([1, width]);
  const gate = normal([1, width], 3);
  for (const activation of activations) {
    const gated64 = (gates: number[], ups: number[]) =>
      dot(
        values(dy),
        gates.map((value, i) => activation64[activation](value) * ups[i]),
      );
    const { dGate, dUp } = nativeOps.gatedActivationBackward({ dy, gate, up, activation });
    expectClose(
      dGate,
      differences((gates) => gated64(gates, values(up)), values(gate)),
    );
    expectClose(
      dUp,
      differences((ups) => gated64(values(gate), ups), values(up)),
    );
  }

  const gelu64 = (input: number[]) => dot(values(dy), input.map(activation64['gelu-tanh']));
  expectClose(nativeOps.geluBackward(dy, gate), differences(gelu64, values(gate)));

  const y = nativeOps.causalSoftmax(tf.reshape(x, [1, 1, width]), 0.3, { tokens: 1, window: null });
  const softmaxLoss = (input: number[]) => dot(values(dy), softmax64(input.map((value) => 0.3 * value)));
  expectClose(
    nativeOps.softmaxBackward(tf.reshape(dy, [1, 1, width]), y, 0.3),
    differences(softmaxLoss, values(x)),
  );

  const { dLogits } = nativeOps.softmaxCrossEntropy(x, Int32Array.from([5]), true);
  expectClose(
    dLogits!,
    differences((input) => -Math.log(softmax64(input)[5]), values(x)),
  );
});

test('fromHeads is the gradient of toHeads: <toHeads(x), z> = <x, fromHeads(z)>', () => {
  const shape = { records: 2, tokens: 3, heads: 2, headWidth: 10 };
  const rotary = rotaryTables(6, 5);
  const [x, z] = [normal([6, 20]), normal([4, 3, 10])];
  const forward = dot(values(nativeOps.toHeads(x, shape, rotary)), values(z));
  expect(dot(values(x), values(nativeOps.fromHeads(z, shape, rotary)))).toBeCloseTo(forward, 5);
});

test('blocked keys get exactly 0, whatever their scores, and a row of many keys sums to 1', () => {
  const x = tf.tensor3d(
    [1, Number.NaN, 2, Number.POSITIVE_INFINITY, 0, 1, 3, Number.NaN, 1, 2, 0, 1],
    [1, 3, 4],
  );
  const y = nativeOps.causalSoftmax(x, 1, { tokens: 3, window: 1 });
  // The own keys are 1, 2 and 3, and each row sees only its own.
  expect([...y.dataSync()]).toEqual([0, Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  const wide = nativeOps.causalSoftmax(normal([1, 1, 49_152], 3), 1, { tokens: 1, window: null });
  expect(values(wide).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
});

test('the softmax is exact to 3e-7 relative against float64, down to the smallest normal numbers', () => {
  const x = Float32Array.from({ length: 4001 }, (_, i) => -(i / 4000) * 87);
  const y = nativeOps.causalSoftmax(tf.tensor3d(x, [1, 1, x.length]), 1, { tokens: 1, window: null });
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  y.dataSync().forEach((value, i) => {
    const exact = Math.exp(x[i]) / sum;
    if (exact > 1.2e-38) expect(Math.abs(value / exact - 1)).toBeLessThan(3e-7);
  });
  const far = nativeOps.causalSoftmax(tf.tensor3d([0, -200, -1e30, Number.NEGATIVE_INFINITY], [1, 1, 4]), 1, {
    tokens: 1,
    window: null,
  });
  expect([...far.dataSync()]).toEqual([1, 0, 0, 0]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%s in an input reaches the outputs of its own row only',
  (bad) => {
    const width = 37;
    const spoilt = tf.tensor2d(
      Float32Array.from({ length: 3 * width }, (_, i) => (i === width + 20 ? bad : 0.3)),
      [3, width],
    );
    const fine = tf.fill([3, width], 0.5);
    const weight = tf.ones([width]);
    const inverse = tf.ones([3, 1]);
    const targets = Int32Array.from([1, 20, 3]);
    const outputs: Record<string, Tensor> = {
      rmsNorm: nativeOps.rmsNorm(spoilt, weight, 1e-5).y,
      rmsNormBackward: nativeOps.rmsNormBackward({ dy: spoilt, x: fine, weight, inverse }),
      residual: nativeOps.rmsNormBackward({ dy: fine, x: fine, weight, inverse, residual: spoilt }),
      up: nativeOps.gatedActivation(fine, spoilt, 'silu'),
      dUp: nativeOps.gatedActivationBackward({ dy: spoilt, gate: fine, up: fine, activation: 'gelu-tanh' })
        .dUp,
      heads: nativeOps.fromHeads(
        nativeOps.toHeads(spoilt, { records: 3, tokens: 1, heads: 1, headWidth: width }, null),
        { records: 3, tokens: 1, heads: 1, headWidth: width },
        null,
      ),
      softmaxBackward: nativeOps.softmaxBackward(spoilt, fine, 1),
    };
    const { nll, dLogits } = nativeOps.softmaxCrossEntropy(spoilt, targets, true);
    outputs.nll = tf.reshape(nll, [3, 1]);
    if (bad !== Number.NEGATIVE_INFINITY) {
      outputs.dLogits = dLogits!;
      outputs.softmax = tf.reshape(
        nativeOps.causalSoftmax(tf.reshape(spoilt, [3, 1, width]), 1, { tokens: 1, window: null }),
        [3, width],
      );
    }
    for (const [name, output] of Object.entries(outputs)) {
      const rows = output.arraySync() as number[][];
      const finite = rows.map((row) => row.every((value) => Number.isFinite(value)));
      expect({ name, finite }).toEqual({ name, finite: [true, false, true] });
    }
  },
);

test.each(activations)('gated activation: NaN in the gate stays NaN (%s)', (activation) => {
  const gate = tf.tensor2d([Number.NaN, 1], [1, 2]);
  const one = tf.ones([1, 2]);
  expect([...nativeOps.gatedActivation(gate, one, activation).dataSync()].map(Number.isNaN)).toEqual([
    true,
    false,
  ]);
  const { dGate, dUp } = nativeOps.gatedActivationBackward({ dy: one, gate, up: one, activation });
  expect([...dGate.dataSync()].map(Number.isNaN)).toEqual([true, false]);
  expect([...dUp.dataSync()].map(Number.isNaN)).toEqual([true, false]);
});

test('wrong shapes and a target outside the vocabulary are refused', () => {
  const x = tf.ones([2, 3]);
  expect(() => nativeOps.rmsNorm(x, tf.ones([4]), 1e-5)).toThrow(/weight must be as long/);
  expect(() => nativeOps.gatedActivation(x, tf.ones([3, 2]), 'silu')).toThrow(/differ in shape/);
  expect(() => nativeOps.softmaxCrossEntropy(x, Int32Array.from([0, 3]), true)).toThrow(
    /outside the vocabulary/,
  );
  expect(() => nativeOps.toHeads(x, { records: 2, tokens: 1, heads: 2, headWidth: 2 }, null)).toThrow(
    /to heads/,
  );
  const before = tf.zeros([2], 'int32');
  expect(() => nativeOps.lloyd({ x, centroids: tf.ones([4, 2]), before, iterations: 1 })).toThrow(/k-means/);
});

test('no rows give no rows', () => {
  const empty = tf.zeros([0, 5]);
  expect(nativeOps.gatedActivation(empty, empty, 'silu').shape).toEqual([0, 5]);
  expect(nativeOps.rmsNorm(empty, tf.ones([5]), 1e-5).inverse.shape).toEqual([0, 1]);
  expect(nativeOps.softmaxCrossEntropy(empty, new Int32Array(), true).dLogits!.shape).toEqual([0, 5]);
  const before = tf.zeros([0], 'int32');
  const none = nativeOps.lloyd({ x: empty, centroids: tf.ones([2, 5]), before, iterations: 9 });
  expect(none).toMatchObject({ labels: { shape: [0] }, finished: true });
});

test('a row has the same bits alone and among others', () => {
  const [rows, width] = [23, 101];
  const [gate, up, dy] = [normal([rows, width], 3), normal([rows, width]), normal([rows, width])];
  const weight = normal([width]);
  const run = (begin: number, count: number) => {
    const [g, u, d] = [gate, up, dy].map((x) => tf.slice(x, [begin, 0], [count, width]));
    const { y, inverse } = nativeOps.rmsNorm(g, weight, 1e-5);
    const scores = tf.reshape(g, [count, 1, width]);
    return [
      y,
      nativeOps.rmsNormBackward({ dy: d, x: g, weight, inverse }),
      nativeOps.gatedActivation(g, u, 'silu'),
      ...Object.values(nativeOps.gatedActivationBackward({ dy: d, gate: g, up: u, activation: 'gelu-tanh' })),
      nativeOps.causalSoftmax(scores, 0.5, { tokens: 1, window: null }),
      nativeOps.softmaxCrossEntropy(g, new Int32Array(count).fill(7), true).dLogits!,
    ].map(values);
  };
  const together = run(0, rows);
  for (let row = 0; row < rows; row++) {
    const wanted = together.map((result) => result.slice(row * width, (row + 1) * width));
    expect(run(row, 1)).toEqual(wanted);
  }
});

test('thousands of calls leave no tensor and no memory behind', () => {
  const all = cases();
  const callAll = () => {
    for (const { run } of all) tf.tidy(() => void run(nativeOps));
  };
  for (let i = 0; i < 10; i++) callAll();
  const tensors = tf.memory().numTensors;
  const resident = process.memoryUsage.rss();
  for (let i = 0; i < 40; i++) callAll();
  expect(tf.memory().numTensors).toBe(tensors);
  // In total, the calls allocate many times as much.
  expect(process.memoryUsage.rss() - resident).toBeLessThan(30e6);
});
