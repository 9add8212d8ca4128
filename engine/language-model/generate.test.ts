import { expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { batchShape, finalHidden, padBatch, runBlocks } from './forward.ts';
import { generate } from './generate.ts';
import { type Llama, loadLlama } from './llama.ts';
import { tinyCheckpoint } from './tiny-checkpoint.ts';

const model = await loadLlama(tinyCheckpoint());
const greedy = { temperature: 0, topK: 0, topP: 1 };
const free = { temperature: 1, topK: 0, topP: 1 };
const prefix = [38, 5, 9, 12];

/** The most likely next token by a whole forward pass, without any cache. */
function nextByForward(llama: Llama, ids: number[]): number {
  return tf.tidy(() => {
    const batch = padBatch([ids]);
    const shape = batchShape(llama.config, batch);
    const { hidden } = runBlocks({ model: llama, batch, shape, lora: null, tapeFrom: llama.config.blocks });
    const last = finalHidden(llama, hidden, tf.tensor1d([ids.length - 1], 'int32'));
    return tf.argMax(tf.matMul(last as never, llama.output as never, false, true), 1).dataSync()[0];
  });
}

test('decoding with the cache takes the tokens that whole forward passes take', async () => {
  const [ids] = await generate({
    model,
    prefix,
    rows: [{ uniform: () => 0 }],
    stop: -1,
    maxTokens: 12,
    sampling: greedy,
  });
  const expected = [...prefix];
  while (expected.length < prefix.length + 12) expected.push(nextByForward(model, expected));
  expect(ids).toEqual(expected.slice(prefix.length));
});

test('a row is the same alone and in a batch whose other rows finish earlier', async () => {
  const rows = (seeds: number[]) => seeds.map((seed) => ({ uniform: seededRandom(seed) }));
  const options = { model, prefix, stop: 3, maxTokens: 25, sampling: free };
  const together = await generate({ ...options, rows: rows([1, 2, 3, 4, 5, 6]) });
  expect(new Set(together.map((ids) => ids.length)).size).toBeGreaterThan(1);
  for (const [index, seed] of [1, 2, 3, 4, 5, 6].entries()) {
    const [alone] = await generate({ ...options, rows: rows([seed]) });
    expect(together[index]).toEqual(alone);
  }
  expect(together.every((ids) => ids.length > 0 && !ids.includes(3))).toBe(true);
});

test('generation leaves no tensor behind, also when it is aborted', async () => {
  const before = tf.memory().numTensors;
  const rows = [{ uniform: seededRandom(1) }, { uniform: seededRandom(2) }];
  await generate({ model, prefix, rows, stop: 3, maxTokens: 10, sampling: free });
  const signal = AbortSignal.abort();
  await expect(
    generate({ model, prefix, rows, stop: -1, maxTokens: 10, sampling: free, signal }),
  ).rejects.toThrow();
  expect(tf.memory().numTensors).toBe(before);
});
