import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { hasFrozenMatMul } from '../tensor/native-kernels.ts';
import { tf } from '../tensor/tensorflow.ts';
import { type GenerationSettings, generate } from './generate.ts';
import { inBfloat16 } from './in-bfloat16.ts';
import type { LanguageModel } from './language-model.ts';
import { loadLanguageModel } from './load-language-model.ts';
import { matricesOf } from './model-config.ts';
import { recordLosses } from './record-losses.ts';
import { TINY_CONFIG, TINY_OTHER_CONFIG, tinyCheckpoint } from './tiny-checkpoint.fixture.ts';

const CONFIGS = { llama: TINY_CONFIG, 'every other feature': TINY_OTHER_CONFIG };
const records = [
  { ids: [38, 5, 9, 12, 7, 2], prefixLength: 1 },
  { ids: [38, 1, 17, 30, 4, 11, 20, 8], prefixLength: 2 },
  { ids: [3, 3, 21], prefixLength: 1 },
];
const settings: GenerationSettings = {
  temperature: 1,
  topK: 0,
  topP: 0.95,
  repetitionPenalty: 1,
  minTokens: 1,
  maxTokens: 25,
  batch: 4,
};

describe.runIf(hasFrozenMatMul()).each(Object.entries(CONFIGS))('a model in bfloat16: %s', (_, config) => {
  const load = () => loadLanguageModel(tinyCheckpoint(1, config));
  let model: LanguageModel;
  let packed: LanguageModel;
  beforeAll(async () => {
    model = await load();
    packed = inBfloat16(await load(), { backward: false });
  });

  test('gives losses close to those in float32, but not equal', () => {
    const own = recordLosses({ model: packed, records });
    recordLosses({ model, records }).forEach((loss, i) => {
      expect(Math.abs(own[i]! / loss - 1)).toBeLessThan(0.01);
      expect(own[i]).not.toBe(loss);
    });
  });

  test('writes the same texts whatever the batch', async () => {
    const rows = () =>
      Array.from({ length: 12 }, (_, i) => ({ prefix: i < 6 ? 0 : 1, uniform: seededRandom(100 + i) }));
    const texts = (batch: number) =>
      generate({
        model: packed,
        prefixes: [
          [38, 5, 9, 12],
          [38, 1],
        ],
        rows: rows(),
        stop: 22,
        settings: { ...settings, batch },
      });
    const expected = await texts(4);
    for (const batch of [1, 3, 12]) expect(await texts(batch)).toEqual(expected);
    expect(new Set(expected.flat()).size).toBeGreaterThan(10);
  });

  test('holds no float32 matrix of a block, and as many tensors as before, plus the output matrix', async () => {
    const own = await load();
    const before = tf.memory().numTensors;
    const frozen = inBfloat16(own, { backward: false });
    expect(tf.memory().numTensors).toBe(before + 1);
    for (const matrix of matricesOf(config)) {
      expect(own.weights.get(`blocks.0.${matrix}.weight`)!.isDisposed).toBe(true);
      expect(frozen.weights.has(`blocks.0.${matrix}.weight`)).toBe(false);
    }
    expect([...frozen.weights.values()].some(({ isDisposed }) => isDisposed)).toBe(false);
  });
});
