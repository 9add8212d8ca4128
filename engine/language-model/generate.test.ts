import { expect, test } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { finalHidden, padBatch, promptLength, runBlocks } from './forward.ts';
import { type GenerationSettings, generate } from './generate.ts';
import { type LanguageModel, withWeights } from './language-model.ts';
import { loadLanguageModel } from './load-language-model.ts';
import { withPrompt } from './soft-prompt.ts';
import { TINY_OTHER_CONFIG, tinyCheckpoint } from './tiny-checkpoint.fixture.ts';

const llama = await loadLanguageModel(tinyCheckpoint());
const other = await loadLanguageModel(tinyCheckpoint(1, TINY_OTHER_CONFIG));
const promptOf = (model: LanguageModel) => {
  const uniform = seededRandom(5);
  return tf.tensor2d(
    Float32Array.from({ length: 3 * model.config.width }, () => uniform() - 0.5),
    [3, model.config.width],
  );
};
const models = {
  llama,
  'every other feature': other,
  'llama behind a soft prompt': withPrompt(llama, promptOf(llama)),
  'every other feature behind a soft prompt': withPrompt(other, promptOf(other)),
};
const names = Object.keys(models) as (keyof typeof models)[];

const prefixes = [
  [38, 5, 9, 12],
  [38, 7, 2, 2, 17, 30, 4, 11],
  [38, 1],
];
/** A token that both models draw often. */
const stop = 22;
const settings: GenerationSettings = {
  temperature: 1,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  minTokens: 1,
  maxTokens: 25,
  batch: 4,
};
const greedy = { ...settings, temperature: 0, maxTokens: 40 };

/** Returns rows that cycle through all prefixes, each with its own randomness. */
function rowsOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    prefix: Math.floor((i * prefixes.length) / count),
    uniform: seededRandom(100 + i),
  }));
}

/** Returns the logits of the next token from a full forward pass without cache. */
function logitsByForward(model: LanguageModel, ids: number[]): number[] {
  return tf.tidy(() => {
    const hidden = runBlocks(model, padBatch([ids]));
    const last = tf.tensor1d([promptLength(model) + ids.length - 1], 'int32');
    return Array.from(
      tf.matMul(finalHidden(model, hidden, last), model.output as never, false, true).dataSync(),
    );
  });
}

const argMax = (values: number[]) => values.indexOf(Math.max(...values));

test.each(names)('decoding with the cache draws the same tokens as full forward passes: %s', async (name) => {
  const model = models[name];
  const texts = await generate({
    model,
    prefixes,
    rows: prefixes.map((_, prefix) => ({ prefix, uniform: () => 0 })),
    stop: -1,
    settings: { ...greedy, minTokens: 0 },
  });
  prefixes.forEach((prefix, row) => {
    const expected = [...prefix];
    while (expected.length < prefix.length + greedy.maxTokens)
      expected.push(argMax(logitsByForward(model, expected)));
    expect(texts[row]).toEqual(expected.slice(prefix.length));
  });
});

test.each(names)('texts do not depend on the batch size or on the other texts: %s', async (name) => {
  const model = models[name];
  const options = { model, prefixes, stop, settings };
  const texts = await generate({ ...options, rows: rowsOf(12) });
  expect(new Set(texts.map(({ length }) => length)).size).toBeGreaterThan(3);
  expect(texts.every((ids) => ids.length > 0 && !ids.includes(stop))).toBe(true);
  for (const batch of [1, 3, 12, 64])
    expect(await generate({ ...options, settings: { ...settings, batch }, rows: rowsOf(12) })).toEqual(texts);
  const reversed = await generate({ ...options, rows: rowsOf(12).reverse() });
  expect(reversed.reverse()).toEqual(texts);
});

test('the next row starts in the same step in which one ends', async () => {
  const steps: { texts: number; tokens: number }[] = [];
  const rows = rowsOf(40);
  const texts = await generate({
    model: llama,
    prefixes,
    rows,
    stop,
    settings,
    onStep: (done) => steps.push({ ...done }),
  });
  const tokens = texts.reduce((sum, { length }) => sum + length, 0);
  expect(steps.at(-1)).toEqual({ texts: 40, tokens });
  // While rows are left to start, each step draws at least one token per slot, except for those that end.
  const full = steps.filter((done) => done.texts <= rows.length - 2 * settings.batch);
  expect(full.length).toBeGreaterThan(10);
  for (let i = 1; i < full.length; i++) {
    const ended = full[i].texts - full[i - 1].texts;
    expect(full[i].tokens - full[i - 1].tokens + ended).toBeGreaterThanOrEqual(settings.batch);
  }
});

test('no rows give no texts', async () => {
  expect(await generate({ model: llama, prefixes: [], rows: [], stop, settings })).toEqual([]);
});

test('no text ends before its minimum length', async () => {
  const run = (minTokens: number) =>
    generate({ model: other, prefixes, rows: rowsOf(60), stop, settings: { ...settings, minTokens } });
  const shortest = (texts: number[][]) => Math.min(...texts.map(({ length }) => length));
  expect(shortest(await run(0))).toBe(0);
  expect(shortest(await run(1))).toBe(1);
  const texts = await run(6);
  expect(shortest(texts)).toBe(6);
  expect(texts.every((ids) => !ids.includes(stop))).toBe(true);
});

test('the repetition penalty applies to the tokens of a text, not of its prefix', async () => {
  const penalty = 1.7;
  const [text] = await generate({
    model: other,
    prefixes,
    rows: [{ prefix: 1, uniform: () => 0 }],
    stop: -1,
    settings: { ...greedy, minTokens: 0, repetitionPenalty: penalty },
  });
  const own: number[] = [];
  while (own.length < greedy.maxTokens) {
    const logits = logitsByForward(other, [...prefixes[1], ...own]);
    for (const id of new Set(own)) logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
    own.push(argMax(logits));
  }
  expect(text).toEqual(own);
});

test('a diverged model is reported as such and draws nothing', async () => {
  const finalNorm = tf.fill([llama.config.width], Number.NaN);
  const diverged = withWeights(llama, new Map([['finalNorm.weight', finalNorm]]));
  const before = tf.memory().numTensors;
  await expect(
    generate({ model: diverged, prefixes, rows: rowsOf(3), stop, settings }),
  ).rejects.toMatchObject({ type: 'NumericalFailure' });
  expect(tf.memory().numTensors).toBe(before);
});

test('generation leaves no tensor behind, even if it is aborted', async () => {
  const before = tf.memory().numTensors;
  const options = { model: other, prefixes, stop, settings };
  await generate({ ...options, rows: rowsOf(20) });
  expect(tf.memory().numTensors).toBe(before);
  const signal = AbortSignal.abort();
  await expect(generate({ ...options, rows: rowsOf(20), signal })).rejects.toThrow();
  expect(tf.memory().numTensors).toBe(before);
});

test('memory use does not grow with the number of texts', async () => {
  const peakOf = async (count: number) => {
    let peak = 0;
    const onStep = () => {
      peak = Math.max(peak, tf.memory().numTensors);
    };
    await generate({ model: llama, prefixes, rows: rowsOf(count), stop, settings, onStep });
    return peak;
  };
  expect(await peakOf(90)).toBe(await peakOf(9));
});

test('a model with learned positions refuses texts longer than these', async () => {
  const options = { model: other, prefixes, rows: rowsOf(1), stop };
  await expect(generate({ ...options, settings: { ...settings, maxTokens: 57 } })).rejects.toThrow(
    'at most 56 tokens',
  );
});
