import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { matMul } from '../tensor/ops.ts';
import { tf } from '../tensor/tensorflow.ts';
import { finalHidden, padBatch, runBlocks } from './forward.ts';
import { loadLanguageModel } from './load-language-model.ts';
import { openCheckpoint } from './load-model.ts';
import { scoreTexts } from './score.ts';

const source = await openCheckpoint((await locateAsset({ asset: 'smollm2-135m' })).path);
const model = await loadLanguageModel(source);

test('SmolLM2-135M gives the token ids and the likelihoods of the reference implementation', async () => {
  // Made with llama.cpp-dequantised weights in PyTorch transformers, float64.
  type Reference = { text: string; ids: number[]; nll_sum: number };
  const reference: Reference[] = JSON.parse(readFileSync('test/reference/smollm2-nll.json', 'utf8'));
  const texts = reference.map(({ text }) => text);
  let row = 0;
  for await (const { ids, nll } of scoreTexts({ model, tokenizer: source.tokenizer, texts })) {
    const expected = reference[row++];
    expect(ids).toEqual(expected.ids);
    expect(Math.abs(nll / expected.nll_sum - 1)).toBeLessThan(1e-4);
  }
  expect(row).toBe(reference.length);
});

test('SmolLM2-135M gives the logits of the reference implementation', () => {
  // The output of test/reference/families/smollm2.py, which describes each field.
  type Reference = { ids: number[]; highest: number[][]; logits: number[][]; logSumExp: number[] };
  const reference: Reference[] = JSON.parse(readFileSync('test/reference/families/smollm2.json', 'utf8'));
  let furthest = 0;
  for (const { ids, highest, logits, logSumExp } of reference) {
    const actual = tf.tidy(() => {
      const rows = tf.range(0, ids.length, 1, 'int32');
      const hidden = finalHidden(model, runBlocks(model, padBatch([ids])), rows);
      return matMul(hidden, model.output, { transposeB: true });
    });
    const values = actual.dataSync();
    const sums = tf.logSumExp(actual, 1).dataSync();
    highest.forEach((tokens, position) => {
      tokens.forEach((token, i) => {
        const value = values[position * model.config.vocabulary + token];
        furthest = Math.max(furthest, Math.abs(value - logits[position][i]));
      });
      furthest = Math.max(furthest, Math.abs(sums[position] - logSumExp[position]));
    });
  }
  expect(furthest).toBeLessThan(1e-4);
});
