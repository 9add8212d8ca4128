import { describe, expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { loadEncoder } from '../encoder/encoder.ts';
import { encoderConfig } from '../encoder/encoder-config.ts';
import { linear, referenceLoss, referencePooled } from '../encoder/float64-reference.fixture.ts';
import { encoderSpecs } from '../encoder/weights.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { encoderClassifier } from './encoder-classifier.ts';
import { encoderClassifierLayout } from './encoder-layout.ts';
import { countOf } from './layout.ts';

/** Small enough to test the loss by a difference in every single parameter. */
const SIZES = { vocabulary: 9, width: 8, hidden: 6, blocks: 2, heads: 2, positions: 10, normEpsilon: 1e-12 };
const CLASSES = 3;
const CASES = [
  { activation: 'gelu', segments: 2, pooling: 'mean', trained: 'all' },
  { activation: 'gelu-tanh', segments: 0, pooling: 'cls', trained: 'all' },
  { activation: 'relu', segments: 1, pooling: 'mean', trained: 'blocks' },
  { activation: 'gelu', segments: 2, pooling: 'cls', trained: { lastBlocks: 1 } },
  { activation: 'gelu', segments: 2, pooling: 'mean', trained: { lastBlocks: 0 } },
] as const;

const records: ClassifierRecord[] = [
  { ids: [1, 2, 3, 2, 5], label: 0 },
  { ids: [4, 4, 8, 0, 7, 1, 2, 4], label: 2 },
  { ids: [3, 5], label: 1 },
  { ids: [6, 2, 1], label: 1, probabilities: [0.2, 0.5, 0.3], weight: 1.5 },
];

const noTokenizer = { encode: () => [], maxTokens: 10 };
const random = seededRandom(7);

describe.each(CASES)(
  '$activation, $segments segments, pooling $pooling, $trained trained',
  async (features) => {
    const { pooling, trained, ...kinds } = features;
    const config = encoderConfig({ ...SIZES, ...kinds });
    const stored = new Map(
      encoderSpecs(config).map(({ name, shape }) => [name, { shape, values: randomWeight(name, shape) }]),
    );
    const layout = encoderClassifierLayout({ config, trained, classes: CLASSES });
    const start = new Float32Array(countOf(layout));
    for (const { name, shape, offset } of layout.parameters)
      start.set(stored.get(name)?.values ?? randomWeight(name, shape), offset);

    const architecture = encoderClassifier({
      encoder: await loadEncoder({
        config,
        locate: (tensor) => ({ tensor }),
        read: async (name) => stored.get(name)!,
      }),
      tokenizer: noTokenizer,
      config: { pooling, trained, maxTokens: 10 },
      classes: CLASSES,
    });
    const method = architecture.method({ seed: 1, step: () => 0 });

    function lossAt(record: (typeof records)[number], values: Float64Array): number {
      const weight = (name: string) => {
        const own = layout.parameters.find((parameter) => parameter.name === name);
        return own ? values.subarray(own.offset, own.offset + own.length) : stored.get(name)!.values;
      };
      const pooled = referencePooled({ config, weight, ids: record.ids, pooling });
      const [logits] = linear([pooled], weight('head.weight'), weight('head.bias'));
      const { label, probabilities, weight: factor = 1 } = record;
      const losses = logits.map((_, k) => referenceLoss(logits, k));
      const targets = probabilities ?? logits.map((_, k) => (k === label ? 1 : 0));
      return factor * losses.reduce((sum, loss, k) => sum + targets[k] * loss, 0);
    }

    const expected = records.map((record) => {
      const at = Float64Array.from(start);
      const h = 1e-5;
      return Float64Array.from(at, (value, k) => {
        at[k] = value + h;
        const above = lossAt(record, at);
        at[k] = value - h;
        const below = lossAt(record, at);
        at[k] = value;
        return (above - below) / (2 * h);
      });
    });

    test.each([false, true])(
      'gradients by record equal the float64 reference (recompute %s)',
      (recompute) => {
        const loaded = method.load(start, { recompute });
        const gradients = loaded.gradients(records);
        expected.forEach((reference, record) => {
          expect(gradients.losses[record]).toBeCloseTo(lossAt(records[record], Float64Array.from(start)), 5);
          const own = flat(gradients.sum(oneHot(record)));
          expect(distance(own, reference) / Math.hypot(...reference)).toBeLessThan(1e-5);
          for (let group = 0; group < method.groups; group++) {
            const inGroup = reference.filter((_, k) => groupAt(k) === group);
            const norm = Math.sqrt(gradients.squaredNorms[record * method.groups + group]);
            expect(Math.abs(norm - Math.hypot(...inGroup))).toBeLessThan(1e-5 * Math.hypot(...reference));
          }
        });
        const weights = Float32Array.from({ length: records.length * method.groups }, () => random());
        const mixed = flat(gradients.sum(weights));
        const wanted = mixed.map((_, k) =>
          expected.reduce(
            (sum, reference, record) => sum + weights[record * method.groups + groupAt(k)] * reference[k],
            0,
          ),
        );
        expect(distance(mixed, wanted) / Math.hypot(...wanted)).toBeLessThan(1e-5);
        gradients.dispose();
        loaded.dispose();
      },
    );

    test('padding changes neither loss nor gradient of a record, and no tensor is left behind', () => {
      const before = tf.memory().numTensors;
      const loaded = method.load(start, { recompute: false });
      const together = loaded.gradients(records);
      records.forEach((record, index) => {
        const alone = loaded.gradients([record]);
        const own = flat(alone.sum(new Float32Array(method.groups).fill(1)));
        expect(distance(flat(together.sum(oneHot(index))), own) / Math.hypot(...own)).toBeLessThan(2e-6);
        expect(Math.abs(together.losses[index] - alone.losses[0])).toBeLessThan(1e-6);
        alone.dispose();
      });
      together.dispose();
      loaded.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test('evaluation returns the same losses in the order of the records, and the likeliest class', () => {
      const before = tf.memory().numTensors;
      const { losses, predicted } = architecture.evaluate(start, records);
      records.forEach((record, index) => {
        expect(losses[index]).toBeCloseTo(lossAt(record, Float64Array.from(start)), 5);
        const byClass = Array.from({ length: CLASSES }, (_, label) =>
          lossAt({ ids: record.ids, label }, Float64Array.from(start)),
        );
        expect(predicted[index]).toBe(byClass.indexOf(Math.min(...byClass)));
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    test('training starts from the weights of the encoder, with a head that depends only on the seed', () => {
      const { offset } = layout.parameters.find(({ name }) => name === 'head.weight')!;
      const initial = method.initial();
      expect(initial.subarray(0, offset)).toEqual(start.subarray(0, offset));
      const head = (seed: number) =>
        architecture
          .method({ seed, step: () => 0 })
          .initial()
          .subarray(offset);
      expect(head(1)).toEqual(initial.subarray(offset));
      expect(head(2)).not.toEqual(head(1));
    });

    function groupAt(k: number): number {
      return layout.groupOf[layout.parameters.findIndex(({ offset, length }) => k < offset + length)];
    }

    function oneHot(record: number): Float32Array {
      return Float32Array.from({ length: records.length * method.groups }, (_, i) =>
        Math.floor(i / method.groups) === record ? 1 : 0,
      );
    }

    function flat(sum: Tensor[]): Float64Array {
      const values = new Float64Array(countOf(layout));
      sum.forEach((tensor, i) => {
        expect(tensor.shape).toEqual(layout.parameters[i].shape);
        values.set(tensor.dataSync(), layout.parameters[i].offset);
      });
      tf.dispose(sum);
      return values;
    }
  },
);

function randomWeight(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const mean = /Norm\.weight$/.test(name) ? 1 : 0;
  return Float32Array.from({ length: count }, () => mean + (random() - 0.5) * 0.8);
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...Array.from(a, (value, k) => value - b[k]));
}
