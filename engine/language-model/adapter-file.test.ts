import { expect, test } from 'vitest';
import { type AdapterConfig, adapterSchema } from '../../schemas/settings/training.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { decodeAdapter, encodeAdapter } from './adapter-file.ts';
import { applyAdapter, disposeAdapted } from './apply-adapter.ts';
import { trainableParameters } from './count-parameters.ts';
import { padBatch, runBlocks } from './forward.ts';
import type { LanguageModel } from './language-model.ts';
import { loadLanguageModel } from './load-language-model.ts';
import { TINY_CONFIG, tinyCheckpoint } from './tiny-checkpoint.fixture.ts';

const ADAPTERS = [
  { method: 'lora', rank: 2, alpha: 6, matrices: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'], lastBlocks: 2 },
  { method: 'prompt', length: 3 },
  { method: 'full' },
].map((adapter) => [adapter.method, adapterSchema.parse(adapter)] as const);

const random = seededRandom(11);
const valuesOf = (adapter: AdapterConfig) =>
  Float32Array.from({ length: trainableParameters(TINY_CONFIG, adapter) }, () => random() - 0.5);

test.each(ADAPTERS)('a %s adapter is read back as written', (_, adapter) => {
  const values = valuesOf(adapter);
  const read = decodeAdapter({
    model: TINY_CONFIG,
    bytes: encodeAdapter({ model: TINY_CONFIG, adapter, values }),
  });
  expect(read.values).toEqual(values);
  expect(read.adapter).toEqual(adapter);
});

test.each(ADAPTERS)('a truncated %s adapter and one of another model are refused', (_, adapter) => {
  const bytes = encodeAdapter({ model: TINY_CONFIG, adapter, values: valuesOf(adapter) });
  for (const [model, part] of [
    [TINY_CONFIG, bytes.subarray(0, 200)],
    [TINY_CONFIG, bytes.subarray(0, bytes.length - 4)],
    [{ ...TINY_CONFIG, width: 32 }, bytes],
  ] as const)
    expect(() => decodeAdapter({ model, bytes: part })).toThrow(
      expect.objectContaining({ type: 'ArtifactCorrupt' }),
    );
});

test.each(ADAPTERS)(
  'a model with a merged %s adapter computes something else, and leaves the base unchanged',
  async (_, adapter) => {
    const model = await loadLanguageModel(tinyCheckpoint());
    const run = (of: LanguageModel) =>
      tf.tidy(() =>
        runBlocks(
          of,
          padBatch([
            [1, 2, 3, 4],
            [9, 8, 7],
          ]),
        )
          .dataSync()
          .slice(-16),
      );
    const base = run(model);
    const before = tf.memory().numTensors;
    const adapted = applyAdapter({ model, adapter, values: valuesOf(adapter) });
    const moved = run(adapted);
    expect(Math.max(...moved.map((value, i) => Math.abs(value - base[i])))).toBeGreaterThan(0.05);
    disposeAdapted(adapted, model);
    expect(run(model)).toEqual(base);
    expect(tf.memory().numTensors).toBe(before);
  },
);
