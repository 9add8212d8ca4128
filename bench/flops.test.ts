import { expect, test } from 'vitest';
import type { ModelConfig } from '../engine/language-model/model-config.ts';
import { TINY_CONFIG } from '../engine/language-model/tiny-checkpoint.fixture.ts';
import { decodingFlops, finetuneFlops } from './flops.ts';

const model: ModelConfig = {
  ...TINY_CONFIG,
  vocabulary: 100,
  width: 8,
  hidden: 16,
  blocks: 2,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 2,
};

test('the gradient of one record: every product counted by hand', () => {
  const [tokens, targets, rank] = [3, 2, 1];
  // q 8x8, k and v 8x4, o 8x8, gate and up 8x16, down 16x8
  const frozen = 2 * tokens * (64 + 32 + 32 + 64 + 128 + 128 + 128);
  const lora = 2 * tokens * rank * (8 + 8 + (8 + 4) + (8 + 4) + 8 + 8);
  const attention = 2 * (2 * tokens * tokens * 8);
  const logits = 2 * targets * 8 * 100;
  const forward = 2 * (frozen + lora + attention) + logits;
  const backward = 2 * (frozen + 2 * lora + 2 * attention) + logits;
  const belowFirstBlock = 2 * tokens * (64 + 32 + 32) + 2 * tokens * rank * 3 * 8;
  expect(finetuneFlops({ model, rank, tokens, targets })).toBe(forward + backward - belowFirstBlock);
});

test('SmolLM2-135M: about four operations a weight and token, since frozen weights need no gradient', () => {
  const smollm: ModelConfig = {
    ...model,
    vocabulary: 49_152,
    width: 576,
    hidden: 1536,
    blocks: 30,
    heads: 9,
    keyValueHeads: 3,
    headWidth: 64,
  };
  const weights = 30 * (2 * 576 * 576 + 2 * 576 * 192 + 3 * 576 * 1536) + 576 * 49_152;
  const flops = finetuneFlops({ model: smollm, rank: 8, tokens: 64, targets: 64 });
  expect(flops / (4 * weights * 64)).toBeGreaterThan(1);
  expect(flops / (4 * weights * 64)).toBeLessThan(1.06);
});

test('a generated text: each token passes every weight once and looks at all tokens before it', () => {
  const weights = 2 * (64 + 32 + 32 + 64 + 128 + 128 + 128) + 8 * 100;
  // Two blocks, two products, eight numbers a key: over 5 + 1 and then 5 + 2 keys.
  const attention = 2 * 2 * 2 * 8 * (6 + 7);
  expect(decodingFlops({ model, prefix: 5, tokens: 2 })).toBe(2 * 2 * weights + attention);
});
