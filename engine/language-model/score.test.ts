import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { loadLlama } from './llama.ts';
import { openCheckpoint } from './load-model.ts';
import { scoreTexts } from './score.ts';

type Reference = { text: string; ids: number[]; nll_sum: number };

test('SmolLM2-135M gives the token ids and the likelihoods of the reference implementation', async () => {
  // Made with llama.cpp-dequantised weights in PyTorch transformers, float64.
  const reference: Reference[] = JSON.parse(readFileSync('test/reference/smollm2-nll.json', 'utf8'));
  const source = await openCheckpoint((await locateAsset({ asset: 'smollm2-135m' })).path);
  const model = await loadLlama(source);
  const texts = reference.map(({ text }) => text);
  let row = 0;
  for await (const { ids, nll } of scoreTexts({ model, tokenizer: source.tokenizer, texts })) {
    const expected = reference[row++];
    expect(ids).toEqual(expected.ids);
    expect(Math.abs(nll / expected.nll_sum - 1)).toBeLessThan(1e-4);
  }
  expect(row).toBe(reference.length);
});
