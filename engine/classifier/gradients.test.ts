import { describe, expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { distance, flat, groupAt, norm } from '../training/methods/gradient-vectors.fixture.ts';
import type { Architecture } from './architecture.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { dropoutMasks } from './dropout-masks.ts';
import { linearClassifier } from './linear.ts';
import { frozenTable, trainedTable } from './token-table.ts';
import { wordCnnClassifier } from './word-cnn.ts';

const random = seededRandom(3);
const uniform = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
const CLASSES = 3;
const VOCABULARY = 7;

const records: ClassifierRecord[] = [
  { ids: [1, 2, 3, 2, 5, 6], label: 0 },
  { ids: [4, 4, 0, 4, 4, 0, 4, 4, 1], label: 2 },
  { ids: [3], label: 1 },
  { ids: [], label: 2 },
  { ids: [6, 2, 2], label: 1, probabilities: [0.25, 0.5, 0.25] },
  { ids: [5, 1], label: 0, probabilities: Float32Array.of(0, 1, 0), weight: 2.5 },
  { ids: [2, 6, 1], label: 2, weight: 0.5 },
];

/** The loss of one record in float64, straight from the definition. */
type Reference = (record: ClassifierRecord, values: Float64Array) => number;

function crossEntropy(logits: number[], { label, probabilities, weight = 1 }: ClassifierRecord): number {
  const highest = Math.max(...logits);
  const total = highest + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - highest), 0));
  const targets = probabilities ?? logits.map((_, k) => (k === label ? 1 : 0));
  return weight * logits.reduce((sum, z, k) => sum + targets[k] * (total - z), 0);
}

const BUCKETS = 16;
const linear = linearClassifier({ config: { buckets: BUCKETS, maxTokens: 9 }, classes: CLASSES });
const linearLoss: Reference = (record, values) => {
  const { ids } = record;
  const counts = Array.from({ length: BUCKETS }, (_, bucket) => ids.filter((id) => id === bucket).length);
  const norm = Math.hypot(...counts) || 1;
  const logits = Array.from({ length: CLASSES }, (_, c) =>
    counts.reduce(
      (sum, count, b) => sum + (count / norm) * values[b * CLASSES + c],
      values[BUCKETS * CLASSES + c],
    ),
  );
  return crossEntropy(logits, record);
};

const FILTERS = 4;
const WIDTHS = [1, 3];

function cnn(params: { frozen: boolean; pooling: 'max' | 'mean'; dropout: boolean }) {
  const { frozen, pooling, dropout } = params;
  const table = frozen
    ? frozenTable({ values: uniform(VOCABULARY * 5), dims: 5 })
    : trainedTable({ vocabularySize: VOCABULARY });
  const config = { widths: WIDTHS, filters: FILTERS, pooling, maxTokens: 9 };
  const rates = dropout ? { dropout: 0.4, wordDropout: 0.3 } : { dropout: 0, wordDropout: 0 };
  const encoder = { encode: () => [], vocabularySize: VOCABULARY };
  const architecture = wordCnnClassifier({ encoder, table, config, rates, classes: CLASSES });
  const tableRows = Array.from((table.frozen?.dataSync() ?? []) as ArrayLike<number>);
  const loss: Reference = (record, values) => {
    let at = 0;
    const take = (length: number) => {
      at += length;
      return values.subarray(at - length, at);
    };
    const first = take(frozen ? 5 * 128 : VOCABULARY * 128);
    const features = WIDTHS.length * FILTERS;
    const masks = dropoutMasks({
      records: [record],
      rates,
      features,
      blank: VOCABULARY,
      seed: SEED,
      step: STEP,
    });
    const ids = dropout ? masks.ids[0] : record.ids;
    const embedded = ids.map((id) =>
      Array.from({ length: 128 }, (_, d) => {
        if (id === VOCABULARY) return 0;
        if (!frozen) return first[id * 128 + d];
        return [0, 1, 2, 3, 4].reduce((sum, i) => sum + tableRows[id * 5 + i] * first[i * 128 + d], 0);
      }),
    );
    const pooled = WIDTHS.flatMap((width) => {
      const kernel = take(width * 128 * FILTERS);
      const bias = take(FILTERS);
      return Array.from({ length: FILTERS }, (_, filter) => {
        const active = ids.flatMap((id, t) => {
          if (id === VOCABULARY) return [];
          let sum = bias[filter];
          for (let w = 0; w < width; w++)
            embedded[t + w]?.forEach((x, d) => {
              sum += x * kernel[(w * 128 + d) * FILTERS + filter];
            });
          return [Math.max(0, sum)];
        });
        if (active.length === 0) return 0;
        return pooling === 'max' ? Math.max(...active) : active.reduce((a, b) => a + b) / active.length;
      });
    });
    const output = take(features * CLASSES);
    const bias = take(CLASSES);
    const logits = Array.from({ length: CLASSES }, (_, c) =>
      pooled.reduce(
        (sum, value, f) => sum + value * (dropout ? masks.scales[f] : 1) * output[f * CLASSES + c],
        bias[c],
      ),
    );
    return crossEntropy(logits, record);
  };
  return { architecture, loss };
}

const SEED = 5;
const STEP = 2;

const CASES: [string, { architecture: Architecture; loss: Reference }][] = [
  ['linear', { architecture: linear, loss: linearLoss }],
  ['WordCNN, frozen table, max', cnn({ frozen: true, pooling: 'max', dropout: false })],
  ['WordCNN, frozen table, mean', cnn({ frozen: true, pooling: 'mean', dropout: false })],
  ['WordCNN, own table, max', cnn({ frozen: false, pooling: 'max', dropout: false })],
  ['WordCNN, own table, mean, dropout', cnn({ frozen: false, pooling: 'mean', dropout: true })],
];

describe.each(CASES)('%s', (_, { architecture, loss }) => {
  const method = architecture.method({ seed: SEED, step: () => STEP });
  const start = method.initial().map((value) => value + (random() - 0.5) * 0.2);

  const expected = records.map((record) => {
    const at = Float64Array.from(start);
    const h = 1e-6;
    return Float64Array.from(at, (value, k) => {
      at[k] = value + h;
      const above = loss(record, at);
      at[k] = value - h;
      const below = loss(record, at);
      at[k] = value;
      return (above - below) / (2 * h);
    });
  });

  test('losses, norms and weighted sums of records equal the float64 reference', () => {
    const loaded = method.load(start, { recompute: false });
    const gradients = loaded.gradients(records);
    records.forEach((record, i) => {
      expect(gradients.losses[i]).toBeCloseTo(loss(record, Float64Array.from(start)), 5);
      for (let group = 0; group < method.groups; group++) {
        const own = expected[i].filter((_, k) => groupAt(method, k) === group);
        expect(Math.sqrt(gradients.squaredNorms[i * method.groups + group])).toBeCloseTo(
          Math.hypot(...own),
          4,
        );
      }
    });
    const factors = uniform(records.length * method.groups);
    const mixed = flat(method, gradients.sum(factors));
    const wanted = Float64Array.from(mixed, (_, k) =>
      expected.reduce((sum, own, i) => sum + factors[i * method.groups + groupAt(method, k)] * own[k], 0),
    );
    expect(distance(mixed, wanted) / norm(wanted)).toBeLessThan(1e-5);
    gradients.dispose();
    loaded.dispose();
  });

  test('one record at a time gives the same, whatever the padding and the other records, and no tensor is left behind', () => {
    const before = tf.memory().numTensors;
    const loaded = method.load(start, { recompute: false });
    const together = loaded.gradients(records);
    records.forEach((record, i) => {
      const alone = loaded.gradients([record]);
      const pick = Float32Array.from({ length: records.length * method.groups }, (_, k) =>
        Math.floor(k / method.groups) === i ? 1 : 0,
      );
      const own = flat(method, alone.sum(new Float32Array(method.groups).fill(1)));
      expect(distance(flat(method, together.sum(pick)), own) / norm(own)).toBeLessThan(1e-5);
      alone.dispose();
    });
    together.dispose();
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a record that is not finite does not affect the others', () => {
    const broken = Float32Array.from(start);
    // The first row of the first tensor affects only records with id 0, here record 1.
    broken[0] = Number.NaN;
    const seesAll = method.parameters[0].name === 'projection';
    const loaded = method.load(broken, { recompute: false });
    const gradients = loaded.gradients(records);
    const whole = records.map((_, i) =>
      gradients.squaredNorms.subarray(i * method.groups, (i + 1) * method.groups).every(Number.isFinite),
    );
    if (!seesAll) expect(whole).toEqual([true, false, true, true, true, true, true]);
    const factors = Float32Array.from({ length: records.length * method.groups }, (_, k) =>
      whole[Math.floor(k / method.groups)] ? 1 : 0,
    );
    expect(flat(method, gradients.sum(factors)).every(Number.isFinite)).toBe(true);
    gradients.dispose();
    loaded.dispose();
  });
});

test('what is dropped depends only on seed, update and the record', () => {
  const params = { rates: { dropout: 0.5, wordDropout: 0.5 }, features: 40, blank: 9, seed: 1, step: 3 };
  const all = dropoutMasks({ ...params, records });
  const last = dropoutMasks({ ...params, records: records.slice(1, 2) });
  expect(last.ids[0]).toEqual(all.ids[1]);
  expect(last.scales).toEqual(all.scales.subarray(40, 80));
  expect(dropoutMasks({ ...params, records, step: 4 }).scales).not.toEqual(all.scales);
  expect(dropoutMasks({ ...params, records, seed: 2 }).scales).not.toEqual(all.scales);
  const share = all.scales.filter((scale) => scale === 0).length / all.scales.length;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
});
