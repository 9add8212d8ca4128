import { describe, expect, it } from 'vitest';
import { type OptimizerConfig, optimizerSchema } from '../../../schemas/settings/training.ts';
import type { ParameterTensor } from '../parameter-layout.ts';
import { createOptimizer } from './create-optimizer.ts';
import type { OptimizerState } from './optimizer.ts';

/** A matrix of 2 x 3 and a vector of 2. */
const layout: ParameterTensor[] = [
  { name: 'matrix', shape: [2, 3], offset: 0, length: 6 },
  { name: 'vector', shape: [2], offset: 6, length: 2 },
];
const START = [1, -2, 0.5, 0, 3, -1, 0.25, 2];
const GRADIENTS = [
  [0.5, -4, 0.01, 2, -0.3, 1, 0.2, -3],
  [-0.25, -4, 0.02, -1, 0.1, 1.5, 0, 4],
  [0.75, 3, -0.5, 0.2, 0.4, -2, -0.6, 1],
];
const RATES = [0.1, 0.05, 0.2];
const NOISE = [0.3, 0.1, 0.2];

type Input = { kind?: string; [field: string]: unknown };
const parse = (config: Input) => optimizerSchema.parse(config);

function run(config: OptimizerConfig, steps: number, from = 0, given?: number[], state?: OptimizerState) {
  const parameters = Float32Array.from(given ?? START);
  const optimizer = createOptimizer(config, layout, state);
  for (let step = from; step < steps; step += 1)
    optimizer.update({
      parameters,
      gradient: Float32Array.from(GRADIENTS[step]),
      learningRate: RATES[step],
      noiseDeviation: NOISE[step],
    });
  return { parameters: [...parameters], state: optimizer.state };
}

function expectClose(actual: number[], expected: number[]): void {
  actual.forEach((value, k) => {
    expect(Math.abs(value - expected[k]), `coordinate ${k}`).toBeLessThan(2e-6 * (1 + Math.abs(expected[k])));
  });
}

/**
 * Returns the sum over s <= t of (1 - beta) beta^(t - s) x_s / (1 - beta^t): a moving average without
 * recursion.
 */
function average(beta: number, values: number[]): number {
  const weights = values.map((_, s) => (1 - beta) * beta ** (values.length - 1 - s));
  return weights.reduce((sum, weight, s) => sum + weight * values[s], 0) / (1 - beta ** values.length);
}

const history = (t: number, k: number) => GRADIENTS.slice(0, t + 1).map((gradient) => gradient[k]);

describe.each([1, 3])('after %i steps', (steps) => {
  const each = (update: (value: number, k: number, t: number) => number) =>
    START.map((start, k) => {
      let value = start;
      for (let t = 0; t < steps; t += 1) value = update(value, k, t);
      return value;
    });

  it('Adam is the ratio of the bias-corrected averages', () => {
    const expected = each((value, k, t) => {
      const g = history(t, k);
      const second = average(
        0.98,
        g.map((x) => x * x),
      );
      return value - (RATES[t] * average(0.7, g)) / (Math.sqrt(second) + 1e-3);
    });
    const config = parse({ kind: 'adam', beta1: 0.7, beta2: 0.98, epsilon: 1e-3 });
    expectClose(run(config, steps).parameters, expected);
  });

  it('AdamW shrinks the parameters by learning rate times decay, outside the moments', () => {
    const expected = each((value, k, t) => {
      const g = history(t, k);
      const second = average(
        0.999,
        g.map((x) => x * x),
      );
      return value * (1 - RATES[t] * 0.3) - (RATES[t] * average(0.9, g)) / (Math.sqrt(second) + 1e-8);
    });
    expectClose(run(parse({ kind: 'adamw', weightDecay: 0.3 }), steps).parameters, expected);
  });

  it.each(['adam', 'adamw'])(
    '%s subtracts the averaged variance of the noise from the second moment, down to the floor',
    (kind) => {
      let floored = 0;
      const expected = each((value, k, t) => {
        const g = history(t, k);
        const second = average(
          0.9,
          g.map((x) => x * x),
        );
        const noise = average(
          0.9,
          NOISE.slice(0, t + 1).map((deviation) => deviation ** 2),
        );
        if (second - noise < 0.01) floored += 1;
        return value - (RATES[t] * average(0.9, g)) / Math.sqrt(Math.max(second - noise, 0.01));
      });
      const shared = { kind, beta2: 0.9, noiseCorrection: true, noiseFloor: 0.01 };
      const config = parse(kind === 'adamw' ? { ...shared, weightDecay: 0 } : shared);
      expectClose(run(config, steps).parameters, expected);
      expect(floored).toBeGreaterThan(0);
    },
  );

  it('SGD weights every gradient with momentum to the power of its age', () => {
    const expected = each((value, k, t) => {
      const g = history(t, k);
      return value - RATES[t] * g.reduce((sum, x, s) => sum + 0.8 ** (t - s) * x, 0);
    });
    expectClose(run(parse({ kind: 'sgd', momentum: 0.8 }), steps).parameters, expected);
    const plain = each((value, k, t) => value - RATES[t] * GRADIENTS[t][k]);
    expectClose(run(parse({ kind: 'sgd', momentum: 0 }), steps).parameters, plain);
  });

  it('Adafactor divides by the factored second moment of a matrix or the full one of a vector, and clips the update', () => {
    expectClose(run(parse({ kind: 'adafactor' }), steps).parameters, byAdafactor(steps).parameters);
    expect(byAdafactor(3).clipped).toBeGreaterThan(0);
  });
});

/**
 * Computes the moments of all entries in full: V = R 1^T C / (1^T R), where R and C are row and column means
 * of averaged squares.
 */
function byAdafactor(steps: number): { parameters: number[]; clipped: number } {
  const parameters = [...START];
  let clipped = 0;
  let moments = START.map(() => 0);
  for (let t = 1; t <= steps; t += 1) {
    const g = GRADIENTS[t - 1];
    const beta = 1 - t ** -0.8;
    // The average of squares is linear, so its rows can be summed before or after averaging.
    moments = moments.map((moment, k) => beta * moment + (1 - beta) * (g[k] ** 2 + 1e-30));
    const at = (i: number, j: number) => moments[3 * i + j];
    const second = moments.map((moment, k) => {
      if (k >= 6) return moment;
      const [i, j] = [Math.floor(k / 3), k % 3];
      const row = (at(i, 0) + at(i, 1) + at(i, 2)) / 3;
      const column = (at(0, j) + at(1, j)) / 2;
      return (row * column) / (moments.slice(0, 6).reduce((sum, x) => sum + x) / 6);
    });
    const updates = g.map((x, k) => x / Math.sqrt(second[k]));
    for (const [from, to] of [
      [0, 6],
      [6, 8],
    ]) {
      const size = Math.hypot(...updates.slice(from, to)) / Math.sqrt(to - from);
      if (size > 1) clipped += 1;
      for (let k = from; k < to; k += 1) parameters[k] -= (RATES[t - 1] * updates[k]) / Math.max(1, size);
    }
  }
  return { parameters, clipped };
}

describe('state', () => {
  const configs: Input[] = [
    { kind: 'adam' },
    { kind: 'adam', noiseCorrection: true },
    { kind: 'adamw' },
    { kind: 'sgd' },
    { kind: 'sgd', momentum: 0 },
    { kind: 'adafactor' },
  ];

  it.each(configs)('$kind resumes from a copy of its state as if it had never stopped', (input) => {
    const config = parse(input);
    const whole = run(config, 3);
    const first = run(config, 2);
    const second = run(config, 3, 2, first.parameters, structuredClone(first.state));
    expect(second).toEqual(whole);
    expect(second.state.step).toBe(3);
  });

  it('has rows plus columns numbers for a factored matrix', () => {
    const { vectors } = run(parse({ kind: 'adafactor' }), 1).state;
    expect([vectors.rows.length, vectors.columns.length, vectors.square.length]).toEqual([2, 3, 2]);
  });

  it('is refused if it is of another optimizer, as are a gradient or layout of other lengths', () => {
    const refused = expect.objectContaining({ type: 'InvalidConfig' });
    const { state } = run(parse({ kind: 'sgd' }), 1);
    for (const kind of ['adam', 'adafactor'])
      expect(() => createOptimizer(parse({ kind }), layout, state)).toThrow(refused);
    for (const { kind } of configs) {
      const optimizer = createOptimizer(parse({ kind }), layout);
      const update = (parameters: number, gradient: number) =>
        optimizer.update({
          parameters: new Float32Array(parameters),
          gradient: new Float32Array(gradient),
          learningRate: 1,
          noiseDeviation: 0,
        });
      expect(() => update(8, 7)).toThrow(refused);
      expect(() => update(9, 9)).toThrow(refused);
    }
    expect(() => createOptimizer(parse({ kind: 'sgd' }), layout.slice(1))).toThrow(refused);
  });
});
