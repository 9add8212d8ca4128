import { describe, expect, test } from 'vitest';
import { adapterSchema } from '../../../schemas/settings/training.ts';
import { seededRandom } from '../../data/seeded-random.ts';
import { applyAdapter, disposeAdapted } from '../../language-model/apply-adapter.ts';
import { loadLanguageModel } from '../../language-model/load-language-model.ts';
import { loraLayout, siteValues } from '../../language-model/lora-layout.ts';
import type { ModelConfig } from '../../language-model/model-config.ts';
import {
  TINY_CONFIG,
  TINY_OTHER_CONFIG,
  tinyCheckpoint,
} from '../../language-model/tiny-checkpoint.fixture.ts';
import { parameterCount, weightSpecs } from '../../language-model/weights.ts';
import { tf } from '../../tensor/tensorflow.ts';
import { backpropagate } from '../backpropagate.ts';
import type { EncodedRecord } from '../encode-records.ts';
import { createMethod } from './create-method.ts';
import { referenceLoss } from './float64-reference.fixture.ts';
import { distance, flat, groupAt, norm } from './gradient-vectors.fixture.ts';

/**
 * Small enough to test the loss by a difference in every single parameter. Heads have at least four numbers,
 * because a norm over two is little more than a sign and its gradient is mostly rounding.
 */
const SMALL = { vocabulary: 9, width: 8, hidden: 6, blocks: 2, heads: 4, keyValueHeads: 2, headWidth: 4 };
const CONFIGS: Record<string, ModelConfig> = {
  'tied embeddings, RMS norm, gated': {
    ...TINY_CONFIG,
    ...SMALL,
    attention: TINY_CONFIG.attention.slice(0, 2),
  },
  'every other feature': {
    ...TINY_OTHER_CONFIG,
    ...SMALL,
    learnedPositions: 20,
    attention: TINY_OTHER_CONFIG.attention.slice(0, 2),
  },
};

const LOSS = { lossNormalisation: 'mean', maxTokens: 9 } as const;

const random = seededRandom(7);
const records: EncodedRecord[] = [
  { ids: [1, 2, 3, 2, 5, 6], prefixLength: 2 },
  { ids: [4, 4, 8, 0, 7, 1, 2, 4, 4], prefixLength: 3 },
  { ids: [3, 5, 5], prefixLength: 1 },
];

const ADAPTERS = {
  lora: { method: 'lora', rank: 2, alpha: 3, matrices: ['q', 'k', 'v', 'o', 'up', 'down'] },
  'lora in the last block, A frozen': {
    method: 'lora',
    rank: 2,
    matrices: ['v', 'down'],
    lastBlocks: 1,
    freezeA: true,
  },
  prompt: { method: 'prompt', length: 3 },
  full: { method: 'full' },
} as const;

describe.each(Object.entries(CONFIGS))('%s', async (_, config) => {
  const source = tinyCheckpoint(3, config);
  const model = await loadLanguageModel(source);
  const base = new Float64Array(parameterCount(config));
  let end = 0;
  for (const { name } of weightSpecs(config)) {
    const weight = model.weights.get(name)!.dataSync();
    base.set(weight, end);
    end += weight.length;
  }

  describe.each(Object.entries(ADAPTERS))('%s', (_, input) => {
    const adapter = adapterSchema.parse(input);
    const method = createMethod({ model, tokenizer: source.tokenizer, adapter, loss: LOSS, seed: 2 });
    const start = method.initial().map((value) => value + (random() - 0.5) * 0.4);

    /** Returns the loss of one record in float64 for the given trained numbers. */
    function lossAt(record: EncodedRecord, trained: Float64Array): number {
      if (adapter.method === 'full') return referenceLoss({ config, values: trained, record });
      if (adapter.method === 'prompt')
        return referenceLoss({
          config,
          values: base,
          record,
          adapter: { prompt: rows(trained, config.width) },
        });
      const layout = loraLayout(config, adapter);
      const whole = Float64Array.from(method.whole(start));
      whole.set(trained);
      const lora = layout.sites.map((site) => {
        const { a, b } = siteValues(site, whole as unknown as Float32Array);
        return { site, a: rows(a, site.rank), b: rows(b, site.outputs), scale: layout.scale };
      });
      return referenceLoss({ config, values: base, record, adapter: { lora } });
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
        const loaded = method.load(Float32Array.from(start), { recompute });
        const gradients = loaded.gradients(records);
        expected.forEach((reference, record) => {
          expect(gradients.losses[record]).toBeCloseTo(lossAt(records[record], Float64Array.from(start)), 5);
          const own = flat(method, gradients.sum(oneHot(record, method.groups)));
          expect(distance(own, reference) / norm(reference)).toBeLessThan(1e-5);
          for (let group = 0; group < method.groups; group++) {
            const inGroup = reference.map((value, k) => (groupAt(method, k) === group ? value : 0));
            const own = Math.sqrt(gradients.squaredNorms[record * method.groups + group]);
            expect(Math.abs(own - norm(inGroup))).toBeLessThan(1e-5 * norm(reference));
          }
        });
        const weights = Float32Array.from({ length: records.length * method.groups }, () => random());
        const mixed = flat(method, gradients.sum(weights));
        const wanted = Float64Array.from(mixed, (_, k) =>
          expected.reduce(
            (sum, reference, record) =>
              sum + weights[record * method.groups + groupAt(method, k)] * reference[k],
            0,
          ),
        );
        expect(distance(mixed, wanted) / norm(wanted)).toBeLessThan(1e-5);
        gradients.dispose();
        loaded.dispose();
      },
    );

    test('one record at a time gives the same, and no tensor is left behind', () => {
      const before = tf.memory().numTensors;
      const loaded = method.load(Float32Array.from(start), { recompute: false });
      const together = loaded.gradients(records);
      records.forEach((record, index) => {
        const alone = loaded.gradients([record]);
        const a = flat(method, together.sum(oneHot(index, method.groups)));
        const b = flat(method, alone.sum(new Float32Array(method.groups).fill(1)));
        expect(distance(a, b) / norm(b)).toBeLessThan(1e-5);
        alone.dispose();
      });
      together.dispose();
      loaded.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test('the model with the trained numbers merged has the same losses', () => {
      const loaded = method.load(Float32Array.from(start), { recompute: false });
      const beside = loaded.gradients(records);
      const built = applyAdapter({ model, adapter, values: method.whole(Float32Array.from(start)) });
      const inside = backpropagate({
        model: built,
        records,
        loss: LOSS,
        adaptation: () => null,
        firstBlock: 0,
        inputGradient: true,
        recompute: false,
      })!;
      inside.losses.forEach((value, i) => {
        expect(value).toBeCloseTo(beside.losses[i], 5);
      });
      inside.dInput!.dispose();
      disposeAdapted(built, model);
      beside.dispose();
      loaded.dispose();
    });

    test('a record without targets contributes zero, and so does a batch of them', () => {
      const loaded = method.load(Float32Array.from(start), { recompute: false });
      const empty = { ids: [1, 2, 3], prefixLength: 3 };
      for (const batch of [[empty, records[0]], [empty]]) {
        const gradients = loaded.gradients(batch);
        expect(Math.max(...gradients.squaredNorms.subarray(0, method.groups))).toBe(0);
        expect(gradients.losses[0]).toBe(0);
        const sum = flat(method, gradients.sum(oneHot(0, method.groups, batch.length)));
        expect(norm(sum)).toBe(0);
        gradients.dispose();
      }
      loaded.dispose();
    });
  });
});

function rows(flatValues: ArrayLike<number>, columns: number): number[][] {
  return Array.from({ length: flatValues.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, column) => flatValues[row * columns + column]),
  );
}

function oneHot(record: number, groups: number, count = records.length): Float32Array {
  return Float32Array.from({ length: count * groups }, (_, i) => (Math.floor(i / groups) === record ? 1 : 0));
}
