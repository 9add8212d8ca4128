import { expect, test } from 'vitest';
import { loraSchema } from '../../schemas/experiment.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { decodeAdapter, encodeAdapter } from './adapter-file.ts';
import { batchShape, padBatch, runBlocks } from './forward.ts';
import { loadLlama } from './llama.ts';
import { disposeMerged, loraLayout, loraTensors, mergeLora } from './lora.ts';
import { TINY_CONFIG, tinyCheckpoint } from './tiny-checkpoint.ts';

const adapter = loraSchema.parse({
  rank: 2,
  alpha: 6,
  matrices: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'],
  lastBlocks: 2,
});
const layout = loraLayout(TINY_CONFIG, adapter);
const random = seededRandom(11);
const values = Float32Array.from({ length: layout.values }, () => random() - 0.5);

test('an adapter reads back as it was written', () => {
  const bytes = encodeAdapter({ model: TINY_CONFIG, adapter, values });
  const read = decodeAdapter({ model: TINY_CONFIG, bytes });
  expect(read.values).toEqual(values);
  expect(read.adapter).toEqual(adapter);
});

test('a cut-off adapter and one of another model are refused', () => {
  const bytes = encodeAdapter({ model: TINY_CONFIG, adapter, values });
  const damaged = () => decodeAdapter({ model: TINY_CONFIG, bytes: bytes.subarray(0, 200) });
  const foreign = () => decodeAdapter({ model: { ...TINY_CONFIG, width: 32 }, bytes });
  expect(damaged).toThrow(expect.objectContaining({ type: 'ArtifactCorrupt' }));
  expect(foreign).toThrow(expect.objectContaining({ type: 'ArtifactCorrupt' }));
});

test('merged weights compute what the base model with its adapter beside it computes', async () => {
  const model = await loadLlama(tinyCheckpoint());
  const merged = mergeLora(model, layout, values);
  const batch = padBatch([
    [1, 2, 3, 4],
    [9, 8, 7],
  ]);
  const run = (llama: typeof model, withAdapter: boolean) =>
    tf.tidy(() => {
      const lora = withAdapter ? { layout, tensors: loraTensors(layout, values) } : null;
      const shape = batchShape(llama.config, batch);
      return runBlocks({ model: llama, batch, shape, lora, tapeFrom: llama.config.blocks }).hidden.dataSync();
    });
  const beside = run(model, true);
  const inside = run(merged, false);
  const base = run(model, false);
  inside.forEach((value, i) => {
    expect(value).toBeCloseTo(beside[i], 4);
  });
  expect(Math.max(...inside.map((value, i) => Math.abs(value - base[i])))).toBeGreaterThan(0.1);
  disposeMerged(merged, model);
  expect(run(model, false)).toEqual(base);
});
