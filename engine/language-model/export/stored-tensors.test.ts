import { expect, test } from 'vitest';
import { tf } from '../../tensor/tensorflow.ts';
import { familyFixture, fixtureSource } from '../families/family.fixture.ts';
import { loadLanguageModel } from '../load-language-model.ts';
import { storedTensors } from './stored-tensors.ts';

test.each(['llama', 'qwen2', 'qwen3', 'gpt2', 'gemma3'] as const)(
  'the weights of %s are written like those in its checkpoints',
  async (family) => {
    const source = fixtureSource(familyFixture(family));
    const model = await loadLanguageModel(source);
    const before = tf.memory().numTensors;
    const written = storedTensors(model);
    expect(new Set(written.map(({ name }) => name)).size).toBe(written.length);
    for (const { name, shape, values } of written) {
      const expected = await source.read(name);
      expect(shape, name).toEqual(expected.shape);
      const actual = await values();
      expect(Math.max(...actual.map((value, i) => Math.abs(value - expected.values[i]))), name).toBeLessThan(
        1e-6,
      );
    }
    expect(tf.memory().numTensors).toBe(before);
  },
);
