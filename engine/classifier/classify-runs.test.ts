import { expect, test } from 'vitest';
import { type ClassifierConfig, classifierSchema } from '../../schemas/experiment.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { classifyRuns } from './classify-runs.ts';
import { encodeTexts, PADDING, type TextEncoder } from './text-encoder.ts';
import { frozenTable, trainedTable } from './token-table.ts';
import { trainWordCnn } from './train-word-cnn.ts';

const WORDS = 60;
const encoder: TextEncoder = {
  encode: (text) => text.split(' ').map((word) => Number(word.slice(1))),
  vocabularySize: WORDS,
  embeddings: { dims: 16, values: gaussianLike(WORDS * 16) },
};

function gaussianLike(length: number): Float32Array {
  const random = seededRandom(9);
  return Float32Array.from({ length }, () => random() + random() + random() - 1.5);
}

/** Texts of 4 to 12 words; each label has ten words of its own, and half of the words are common to all. */
function corpus(records: number, seed: number, classes = 3) {
  const random = seededRandom(seed);
  return Array.from({ length: records }, (_, i) => {
    const label = i % classes;
    const words = Array.from({ length: 4 + Math.floor(random() * 9) }, () =>
      random() < 0.5 ? Math.floor(random() * 30) : 30 + 10 * label + Math.floor(random() * 10),
    );
    return { text: words.map((word) => `w${word}`).join(' '), label: `label ${label}` };
  });
}

const LABELS = ['label 0', 'label 1', 'label 2'];
const config = (changes: Partial<ClassifierConfig> = {}): ClassifierConfig => ({
  ...classifierSchema.parse({}),
  filters: 20,
  maxTokens: 12,
  updates: 114,
  batch: 16,
  wordDropout: 0.1,
  ...changes,
});

function accuracy(runs: { truth: Int32Array; runs: { predicted: Int32Array }[] }): number {
  const [{ predicted }] = runs.runs;
  return predicted.filter((label, i) => label === runs.truth[i]).length / predicted.length;
}

const base = { train: corpus(300, 1), test: corpus(300, 2), labels: LABELS, encoder, seeds: [1] };

test.each([
  ['frozen embeddings, mean', encoder, {}],
  ['frozen embeddings, max', encoder, { pooling: 'max' as const }],
  ['embeddings of its own', { ...encoder, embeddings: undefined }, {}],
])('learns labels that words give away: %s', async (_, one, changes) => {
  const runs = await classifyRuns({ ...base, encoder: one, config: config(changes) });
  expect(accuracy(runs)).toBeGreaterThan(0.88);
});

test('random labels are not learnt: nothing of the test set leaks in', async () => {
  const random = seededRandom(4);
  const shuffled = base.train.map(({ text }) => ({ text, label: LABELS[Math.floor(random() * 3)] }));
  const runs = await classifyRuns({ ...base, train: shuffled, config: config() });
  expect(accuracy(runs)).toBeLessThan(0.6);
});

test('equal seeds give equal predictions, other seeds other ones', async () => {
  const noisy = base.train.map((record, i) => (i % 3 === 0 ? { ...record, label: LABELS[i % 2] } : record));
  const { runs } = await classifyRuns({ ...base, train: noisy, config: config(), seeds: [5, 5, 6] });
  expect(runs[1].predicted).toEqual(runs[0].predicted);
  expect(runs[2].predicted).not.toEqual(runs[0].predicted);
});

test('padding counts for nothing: predictions do not change with maxTokens', async () => {
  const table = frozenTable(encoder.embeddings!);
  const texts = base.test.map(({ text }) => text);
  const ids = (maxTokens: number) => encodeTexts({ texts, encoder, maxTokens });
  const train = (maxTokens: number) =>
    trainWordCnn({
      ids: ids(maxTokens),
      labels: Int32Array.from(texts, (_, i) => i % 3),
      classes: 3,
      table,
      config: config({ maxTokens, widths: [1], updates: 4 }),
      seed: 1,
    });
  const [short, long] = [await train(12), await train(30)];
  expect(long.predict(ids(30))).toEqual(short.predict(ids(12)));
  for (const model of [short, long]) model.dispose();
  table.frozen?.dispose();
});

test.each([
  ['frozen', encoder.embeddings],
  ['trained', undefined],
])('tensors stay as many over the updates and all go in the end: %s table', async (_, embeddings) => {
  const before = tf.memory().numTensors;
  const ids = encodeTexts({ texts: base.train.map(({ text }) => text), encoder, maxTokens: 12 });
  const table = embeddings === undefined ? trainedTable({ encoder, ids }) : frozenTable(embeddings);
  const counts: number[] = [];
  const model = await trainWordCnn({
    ids,
    labels: Int32Array.from({ length: 300 }, (_, i) => i % 3),
    classes: 3,
    table,
    config: config({ updates: 76 }),
    seed: 1,
    onUpdate: () => void counts.push(tf.memory().numTensors),
  });
  expect(new Set(counts).size).toBe(1);
  model.predict(ids);
  model.dispose();
  table.frozen?.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('what onUpdate throws ends the training at once and frees everything', async () => {
  const before = tf.memory().numTensors;
  const seen: number[] = [];
  const stopped = classifyRuns({
    ...base,
    config: config(),
    seeds: [1, 2],
    onUpdate(done, of) {
      seen.push(done, of);
      if (done === 2) throw new Error('stop');
    },
  });
  await expect(stopped).rejects.toThrow('stop');
  expect(seen).toEqual([1, 228, 2, 228]);
  expect(tf.memory().numTensors).toBe(before);
});

test('empty texts are left out of training; with fewer than two labels left there is nothing to train', async () => {
  const train = base.train.map((record) => (record.label === 'label 2' ? { ...record, text: ' ' } : record));
  const runs = await classifyRuns({ ...base, train, config: config({ updates: 13 }) });
  expect(runs.trainingRecords).toBe(200);
  const one = train.map((record) => (record.label === 'label 1' ? { ...record, text: '' } : record));
  await expect(classifyRuns({ ...base, train: one, config: config() })).rejects.toThrow(
    'fewer than two labels',
  );
});

test('long texts are cut, short ones padded', () => {
  const ids = encodeTexts({ texts: ['w1  w2 w3', 'w4'], encoder, maxTokens: 2 });
  expect([...ids]).toEqual([1, 2, 4, PADDING]);
});
