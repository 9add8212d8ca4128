import { expect, test } from 'vitest';
import { firstShare } from './first-share.ts';

const texts = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => ({ text: `${label} ${i}`, label })),
  );
const corpus = texts({ a: 40, b: 11, c: 1 });
const count = (some: { label: string }[], label: string) => some.filter((one) => one.label === label).length;

test('takes the share of each label, rounded up, and returns the rest; both in the order of the texts', () => {
  const { first, rest } = firstShare({ texts: corpus, share: 0.25, seed: 3 });
  expect(['a', 'b', 'c'].map((label) => count(first, label))).toEqual([10, 3, 1]);
  expect(first.length + rest.length).toBe(corpus.length);
  for (const part of [first, rest]) expect(part).toEqual(corpus.filter((one) => part.includes(one)));
});

test('larger shares contain the smaller ones, and the share 1 is everything', () => {
  const of = (share: number) => firstShare({ texts: corpus, share, seed: 3 }).first;
  expect(of(0.5)).toEqual(expect.arrayContaining(of(0.25)));
  expect(of(1)).toEqual(corpus);
});

test('shuffles by the seed instead of taking the beginning of the corpus', () => {
  const of = (seed: number) => firstShare({ texts: corpus, share: 0.5, seed }).first;
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
  expect(of(1).filter(({ label }) => label === 'a')).not.toEqual(corpus.slice(0, 20));
});

test('rounding takes no more than the share: 0.07 of 100 is 7', () => {
  expect(firstShare({ texts: texts({ a: 100 }), share: 0.07, seed: 1 }).first).toHaveLength(7);
});
