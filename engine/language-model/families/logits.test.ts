import { expect, test } from 'vitest';
import { matMul } from '../../tensor/ops.ts';
import { tf } from '../../tensor/tensorflow.ts';
import { finalHidden, padBatch, runBlocks } from '../forward.ts';
import type { LanguageModel } from '../language-model.ts';
import { loadLanguageModel } from '../load-language-model.ts';
import { FAMILIES } from '../model-config.ts';
import { familyFixture, fixtureSource } from './family.fixture.ts';

/** Returns the logits [tokens, vocabulary] of each sequence, from one padded batch. */
function logitsOf(model: LanguageModel, sequences: number[][]): number[][][] {
  return tf.tidy(() => {
    const batch = padBatch(sequences);
    const { records, tokens } = batch;
    const rows = tf.range(0, records * tokens, 1, 'int32');
    const hidden = finalHidden(model, runBlocks(model, batch), rows);
    const logits = matMul(hidden, model.output, { transposeB: true });
    return tf.reshape(logits, [records, tokens, model.config.vocabulary]).arraySync() as number[][][];
  });
}

test.each(FAMILIES)('a tiny %s gives the logits of the Python implementation', async (family) => {
  const fixture = familyFixture(family);
  const model = await loadLanguageModel(fixtureSource(fixture));
  const actual = logitsOf(
    model,
    fixture.records.map(({ ids }) => ids),
  );
  let furthest = 0;
  fixture.logits.forEach((positions, record) => {
    for (const [position, expected] of Object.entries(positions))
      expected.forEach((value, id) => {
        furthest = Math.max(furthest, Math.abs(actual[record][Number(position)][id] - value));
      });
  });
  expect(furthest).toBeLessThan(1e-4);
});
