import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { samplingSchema } from '../../schemas/settings/sampling.ts';
import { labelShares, labelsWithoutText } from './label-plan.ts';

const countsOf = (labels: string[], sampling: object, shards = 1) => {
  const settings = samplingSchema.parse({ shards, ...sampling });
  const shares = Array.from({ length: shards }, (_, shard) =>
    labelShares({ labels, sampling: settings, shard }),
  );
  const counts = new Map<string, number>();
  for (const { label, count } of shares.flat()) counts.set(label, (counts.get(label) ?? 0) + count);
  return counts;
};

test('counts follow the proportions and add up, over any number of shards', () => {
  for (const shards of [1, 2, 7])
    expect(countsOf(['a', 'b', 'c'], { records: 10, labels: { a: 1, b: 2 } }, shards)).toEqual(
      new Map([
        ['a', 3],
        ['b', 7],
      ]),
    );
});

test('labels named like properties of every object get their own proportion, or none', () => {
  const { corpus, sampling } = parseExperiment(
    JSON.parse(readFileSync('test/cases/run-proto-sampling.json', 'utf8')),
  );
  expect(countsOf(corpus.labels, sampling)).toEqual(new Map([['plain', 24]]));
  for (const label of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect(countsOf([label, 'plain'], { records: 9, labels: { plain: 1 } })).toEqual(new Map([['plain', 9]]));
    expect(countsOf([label, 'plain'], { records: 9 }).get(label)).toBe(5);
  }
  expect(countsOf(['constructor', 'plain'], { records: 9, labels: { constructor: 2, plain: 1 } })).toEqual(
    new Map([
      ['constructor', 6],
      ['plain', 3],
    ]),
  );
});

test('requested labels that get no text are known before a run', () => {
  const { corpus, sampling } = parseExperiment(
    JSON.parse(readFileSync('test/cases/jl-77-labels.json', 'utf8')),
  );
  expect(labelsWithoutText({ labels: corpus.labels, sampling })).toHaveLength(27);
  const without = (settings: object) =>
    labelsWithoutText({ labels: ['a', 'b', 'c'], sampling: samplingSchema.parse(settings) });
  expect(without({ records: 3 })).toEqual([]);
  expect(without({ records: 100, labels: { a: 1000, b: 1 } })).toEqual(['b']);
});
