import { expect, test } from 'vitest';
import { tf } from '../../tensor/tensorflow.ts';
import { finalHidden, padBatch, runBlocks } from '../forward.ts';
import { generate } from '../generate.ts';
import type { LanguageModel } from '../language-model.ts';
import { loadLanguageModel } from '../load-language-model.ts';
import { FAMILIES } from '../model-config.ts';
import { familyFixture, fixtureSource } from './family.fixture.ts';

const TOKENS = 24;

/** Returns the most likely next token from a full forward pass without cache. */
function nextByForward(model: LanguageModel, ids: readonly number[]): number {
  return tf.tidy(() => {
    const hidden = runBlocks(model, padBatch([ids]));
    const last = finalHidden(model, hidden, tf.tensor1d([ids.length - 1], 'int32'));
    return tf.argMax(tf.matMul(last, model.output, false, true), 1).dataSync()[0];
  });
}

test.each(FAMILIES)(
  '%s decodes the same tokens with its cache as with full forward passes',
  async (family) => {
    const fixture = familyFixture(family);
    const model = await loadLanguageModel(fixtureSource(fixture));
    const prefixes = fixture.records.map(({ ids }) => ids.slice(0, 12));
    const texts = await generate({
      model,
      prefixes,
      rows: prefixes.map((_, prefix) => ({ prefix, uniform: () => 0 })),
      stop: -1,
      settings: {
        temperature: 0,
        topK: 0,
        topP: 1,
        repetitionPenalty: 1,
        minTokens: 0,
        maxTokens: TOKENS,
        batch: 2,
      },
    });
    prefixes.forEach((prefix, row) => {
      const expected = [...prefix];
      while (expected.length < prefix.length + TOKENS) expected.push(nextByForward(model, expected));
      expect(texts[row]).toEqual(expected.slice(prefix.length));
    });
  },
);
