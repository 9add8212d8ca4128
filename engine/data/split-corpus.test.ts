import { expect, test } from 'vitest';
import { splitCorpus } from './split-corpus.ts';

const records = Array.from({ length: 2000 }, (_, i) => ({ text: `record number ${i}`, label: `${i % 3}` }));
const split = (some = records, seed = 1) => splitCorpus({ records: some, testFraction: 0.2, seed });

test('adding or removing a record moves no other record', () => {
  const whole = split();
  for (const left of [0, 7, 1999]) {
    const without = split(records.filter((_, i) => i !== left));
    const other = (record: { text: string }) => record.text !== records[left].text;
    expect(without.train).toEqual(whole.train.filter(other));
    expect(without.test).toEqual(whole.test.filter(other));
  }
});

test('the order of the file changes nothing', () => {
  expect(split([...records].reverse())).toEqual(split());
});

test('the test part has about its fraction, and another seed chooses another part', () => {
  const { train, test: held } = split();
  expect(train.length + held.length).toBe(2000);
  // Binomial(2000, 0.2): four standard deviations are 72.
  expect(Math.abs(held.length - 400)).toBeLessThan(72);
  expect(split(records, 2).test).not.toEqual(held);
});

test('labels play no part in the choice of a side', () => {
  const relabelled = split(records.map(({ text }) => ({ text, label: 'z' })));
  expect(relabelled.test.map(({ text }) => text)).toEqual(split().test.map(({ text }) => text));
});
