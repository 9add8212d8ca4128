import { expect, test } from 'vitest';
import type { ExperimentInput } from './experiment.ts';
import { parseExperiment } from './parse-experiment.ts';

const parse = (tuning: object, classifier: ExperimentInput['classifier'] = { kind: 'linear' }) =>
  parseExperiment({
    corpus: { source: 'x.csv', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'test' },
    classifier,
    evaluation: { tuning },
  });

test('a space of settings of the classifier is accepted, and values may be lists and objects', () => {
  const { tuning } = parse({ space: { learningRate: [0.1, 0.3], updates: [10, 20] } }).evaluation;
  expect(tuning).toEqual({
    space: { learningRate: [0.1, 0.3], updates: [10, 20] },
    validationFraction: 0.2,
  });
  const space = { widths: [[3], [3, 4, 5]], earlyStopping: [{ patience: 2 }] };
  expect(() => parse({ space }, { kind: 'wordcnn' })).not.toThrow();
});

test.each([
  ['a setting that the classifier does not have', { filters: [10, 20] }, /space\.filters: 10 does not fit/],
  ['a value that the schema refuses', { learningRate: [0.1, -1] }, /space\.learningRate: -1 does not fit/],
  ['another kind of classifier', { kind: ['linear', 'wordcnn'] }, /space\.kind is not a setting/],
  ['settings of the row real-dp', { dp: [{}] }, /space\.dp is not a setting/],
  ['a value twice', { updates: [10, 10] }, /space\.updates names a value twice/],
  ['one combination', { updates: [10] }, /has 1 combinations: give at least 2/],
  ['no setting at all', {}, /has 1 combinations/],
  [
    'a grid that nobody can wait for',
    Object.fromEntries(
      ['updates', 'batch', 'maxTokens'].map((name) => [name, Array.from({ length: 30 }, (_, i) => i + 10)]),
    ),
    /has 27000 combinations/,
  ],
])('%s is refused', (_, space, message) => {
  expect(() => parse({ space })).toThrow(message);
});
