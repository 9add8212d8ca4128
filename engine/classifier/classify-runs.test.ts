import { expect, test } from 'vitest';
import {
  classifierSchema,
  type LinearConfig,
  type WordCnnConfig,
} from '../../schemas/settings/classifier.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { newRunKey, runKeyFromBytes } from '../privacy/run-key.ts';
import { tf } from '../tensor/tensorflow.ts';
import { classifyRuns } from './classify-runs.ts';
import type { TextEncoder } from './text-encoder.ts';

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

/**
 * Returns texts of 4 to 12 words. Each label has ten words of its own; half of the words are common to all.
 */
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
const config = (changes: Partial<WordCnnConfig> = {}): WordCnnConfig => ({
  ...(classifierSchema.parse({}) as WordCnnConfig),
  filters: 20,
  maxTokens: 12,
  updates: 114,
  batch: 16,
  wordDropout: 0.1,
  ...changes,
});
const linear = (changes: Partial<LinearConfig> = {}): LinearConfig => ({
  ...(classifierSchema.parse({ kind: 'linear' }) as LinearConfig),
  buckets: 256,
  updates: 114,
  batch: 16,
  ...changes,
});

function accuracy(runs: { truth: Int32Array; runs: { predicted: Int32Array }[] }): number {
  const [{ predicted }] = runs.runs;
  return predicted.filter((label, i) => label === runs.truth[i]).length / predicted.length;
}

const base = { train: corpus(300, 1), test: corpus(300, 2), labels: LABELS, encoder, seeds: [1] };

test.each([
  ['frozen embeddings, mean', encoder, config({ pooling: 'mean', learningRate: 0.01 })],
  ['frozen embeddings, max', encoder, config()],
  ['embeddings of its own', { ...encoder, embeddings: undefined }, config()],
  ['linear', encoder, linear()],
])('learns labels from words typical of them: %s', async (_, one, settings) => {
  const runs = await classifyRuns({ ...base, encoder: one, config: settings });
  expect(accuracy(runs)).toBeGreaterThan(0.88);
});

test('random labels are not learnt, so nothing of the test set leaks in', async () => {
  const random = seededRandom(4);
  const shuffled = base.train.map(({ text }) => ({ text, label: LABELS[Math.floor(random() * 3)] }));
  const runs = await classifyRuns({ ...base, train: shuffled, config: config() });
  expect(accuracy(runs)).toBeLessThan(0.6);
});

test('equal seeds give equal predictions, different seeds different ones', async () => {
  const noisy = base.train.map((record, i) => (i % 3 === 0 ? { ...record, label: LABELS[i % 2] } : record));
  const settings = config({ updates: 25 });
  const { runs } = await classifyRuns({ ...base, train: noisy, config: settings, seeds: [5, 5, 6] });
  expect(runs[1].predicted).toEqual(runs[0].predicted);
  expect(runs[2].predicted).not.toEqual(runs[0].predicted);
});

test.each([
  ['frozen table', encoder, config({ updates: 5 })],
  ['trained table', { ...encoder, embeddings: undefined }, config({ updates: 5 })],
  ['linear', encoder, linear({ updates: 5 })],
])('no tensor is left behind: %s', async (_, one, settings) => {
  await classifyRuns({ ...base, encoder: one, config: settings });
  const before = tf.memory().numTensors;
  await classifyRuns({ ...base, encoder: one, config: settings });
  expect(tf.memory().numTensors).toBe(before);
});

test('an error thrown by onUpdate stops the training at once and frees everything', async () => {
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

test('empty texts are left out of training, which fails with fewer than two labels left', async () => {
  const train = base.train.map((record) => (record.label === 'label 2' ? { ...record, text: ' ' } : record));
  const runs = await classifyRuns({ ...base, train, config: config({ updates: 13 }) });
  expect(runs.trainingRecords).toBe(200);
  const one = train.map((record) => (record.label === 'label 1' ? { ...record, text: '' } : record));
  await expect(classifyRuns({ ...base, train: one, config: config() })).rejects.toThrow(
    'fewer than two labels',
  );
});

test('a text longer than maxTokens is cut, and the rest has no effect', async () => {
  const longer = base.train.map(({ text, label }) => ({ label, text: `${text} w1 w2`.repeat(3) }));
  const [cut, whole] = [4, 5].map((maxTokens) =>
    classifyRuns({ ...base, train: longer, config: config({ maxTokens, updates: 3, widths: [1] }) }),
  );
  const shortened = longer.map(({ text, label }) => ({ label, text: text.split(' ').slice(0, 4).join(' ') }));
  const short = await classifyRuns({
    ...base,
    train: shortened,
    config: config({ maxTokens: 4, updates: 3, widths: [1] }),
  });
  expect((await cut).runs).toEqual(short.runs);
  expect((await whole).runs).not.toEqual(short.runs);
});

const budget = { epsilon: 8, delta: 1e-3, accountant: 'pld' as const };
/** Fixes the draws and the noise, so the result does not depend on chance. */
const fixedKey = () => runKeyFromBytes(new Uint8Array(32).fill(7));

test.each([
  ['WordCNN', config({ dp: { ...config().dp, expectedBatchSize: 100, updates: 40 } })],
  ['linear', linear({ dp: { ...linear().dp, expectedBatchSize: 100, updates: 40 } })],
])('%s learns under DP, with the plan that it states', async (_, settings) => {
  const { plan, ...runs } = await classifyRuns({ ...base, config: settings, budget, runKeyOf: fixedKey });
  expect(plan).toMatchObject({ private: true, records: 300, steps: 40, samplingRate: 1 / 3, delta: 1e-3 });
  expect(plan!.epsilon).toBeLessThanOrEqual(8);
  expect(plan!.epsilon).toBeGreaterThan(7.9);
  expect(accuracy(runs)).toBeGreaterThan(0.6);
});

test('under DP every record counts, even empty ones and those of a single label, and the noise is fresh', async () => {
  const train = base.train.map(({ text }, i) => ({ text: i % 2 === 0 ? '' : text, label: LABELS[0] }));
  const settings = linear({ dp: { ...linear().dp, updates: 3, learningRate: 1 } });
  const strict = { ...budget, epsilon: 0.1 };
  const runs = await classifyRuns({
    ...base,
    train,
    config: settings,
    budget: strict,
    seeds: [1, 1],
    runKeyOf: newRunKey,
  });
  expect(runs.trainingRecords).toBe(300);
  expect(runs.runs[0].predicted).not.toEqual(runs.runs[1].predicted);
});

test('early stopping applies only without privacy; with privacy the updates stay as planned', async () => {
  const earlyStopping = { fraction: 0.2, every: 5, patience: 1 };
  const random = seededRandom(4);
  // With nothing to learn, the held-out loss soon rises.
  const train = base.train.map(({ text }) => ({ text, label: LABELS[Math.floor(random() * 3)] }));
  const settings = linear({ earlyStopping, updates: 400, learningRate: 0.5 });
  const done: number[] = [];
  await classifyRuns({ ...base, train, config: settings, onUpdate: (update) => done.push(update) });
  expect(done.at(-1)).toBeLessThan(200);
  done.length = 0;
  const dp = { ...settings.dp, updates: 20 };
  const options = { config: { ...settings, dp }, budget, runKeyOf: newRunKey };
  await classifyRuns({ ...base, train, ...options, onUpdate: (n) => done.push(n) });
  expect(done.at(-1)).toBe(20);
});

test.each([
  ['WordCNN', config()],
  ['linear', linear()],
])('%s learns probabilities instead of labels that are wrong', async (_, settings) => {
  const wrong = base.train.map((record) => {
    const label = LABELS.indexOf(record.label);
    const probabilities = LABELS.map((_, k) => (k === label ? 0.8 : 0.1));
    return { text: record.text, label: LABELS[(label + 1) % 3], probabilities, weight: 1.5 };
  });
  const labels = wrong.map(({ text, label }) => ({ text, label }));
  expect(accuracy(await classifyRuns({ ...base, train: wrong, config: settings }))).toBeGreaterThan(0.85);
  expect(accuracy(await classifyRuns({ ...base, train: labels, config: settings }))).toBeLessThan(0.3);
});

test('refuses probabilities that are not one per label with the sum 1, and weights that are not positive', async () => {
  for (const soft of [
    { probabilities: [0.5, 0.5] },
    { probabilities: [0.5, 0.5, 0.5] },
    { probabilities: [1.5, -0.5, 0] },
    { probabilities: [Number.NaN, 0, 1] },
    { weight: 0 },
    { weight: Number.POSITIVE_INFINITY },
  ]) {
    const train = [{ ...base.train[0], ...soft }, ...base.train.slice(1)];
    const refused = classifyRuns({ ...base, train, config: linear() });
    await expect(refused, JSON.stringify(soft)).rejects.toMatchObject({ type: 'InvalidData' });
  }
});
