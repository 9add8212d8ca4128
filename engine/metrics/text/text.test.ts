import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Measure } from '../measure.ts';
import { distinctN } from './distinct.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { ngramCounts, totalCount } from './ngram-counts.ts';
import { selfBleu } from './self-bleu.ts';
import { characterCounts, wasserstein } from './wasserstein.ts';
import { wordsOf } from './words.ts';

const reference = (
  JSON.parse(readFileSync(new URL('../../../test/reference/metrics.json', import.meta.url), 'utf8')) as {
    texts: {
      p: string[][];
      q: string[][];
      unigramDivergence: number;
      bigramDivergence: number;
      lengthDistance: number;
      selfBleu: number;
      distinct2: number;
    };
  }
).texts;
const { p, q } = reference;

const close = (measure: Measure, expected: number) => expect(measure.value).toBeCloseTo(expected, 12);
const counts = (texts: string[][], n = 1) => ngramCounts(texts, n);

describe('words', () => {
  it('are in lower case, without punctuation', () => {
    expect(wordsOf("Don't stop: 3.5 times!")).toEqual(["don't", 'stop', '3.5', 'times']);
    expect(wordsOf('  ...  ')).toEqual([]);
  });

  it('are found in right-to-left text and in scripts without spaces; an emoji is one word', () => {
    expect(wordsOf('שלום עולם')).toEqual(['שלום', 'עולם']);
    expect(wordsOf('今日は良い').length).toBeGreaterThan(1);
    expect(wordsOf('ok 👩‍👩‍👧 🇩🇪 ok')).toEqual(['ok', '👩‍👩‍👧', '🇩🇪', 'ok']);
  });

  it('are the same with combining or precomposed marks', () => {
    expect(wordsOf('cafe\u0301')).toEqual(wordsOf('caf\u00e9'));
  });
});

it('n-grams do not cross from one text to the next', () => {
  const bigrams = counts([['a', 'b'], ['c'], [], ['a', 'b', 'a']], 2);
  expect(Object.fromEntries(bigrams)).toEqual({ 'a b': 2, 'b a': 1 });
  expect(totalCount(bigrams)).toBe(3);
});

describe('Jensen-Shannon divergence', () => {
  it('equals scipy for unigrams and bigrams, in both orders', () => {
    close(jensenShannon(counts(p), counts(q)), reference.unigramDivergence);
    close(jensenShannon(counts(q), counts(p)), reference.unigramDivergence);
    close(jensenShannon(counts(p, 2), counts(q, 2)), reference.bigramDivergence);
  });

  it('is 0 for equal shares, 1 without common words, and not defined without any words', () => {
    expect(jensenShannon(counts([['a', 'b']]), counts([['b', 'a', 'a', 'b']]))).toEqual({ value: 0 });
    expect(jensenShannon(counts([['a']]), counts([['b']]))).toEqual({ value: 1 });
    expect(jensenShannon(counts([['a']]), counts([[]])).value).toBeNull();
  });
});

describe('lengths', () => {
  it('the Wasserstein distance equals scipy', () => {
    const lengths = (texts: string[][]) => texts.map((words) => words.length);
    close(wasserstein(lengths(p), lengths(q)), reference.lengthDistance);
    close(wasserstein(lengths(q), lengths(p)), reference.lengthDistance);
  });

  it('is the shift of a sample, whatever the sizes, and not defined for an empty sample', () => {
    close(wasserstein([1, 2, 3], [3, 5, 4]), 2);
    close(wasserstein([4], [4, 4, 4, 8]), 1);
    expect(wasserstein([], [1]).value).toBeNull();
  });

  it('characters are code points', () => {
    expect(characterCounts(['', 'añ', '😀!'])).toEqual([0, 2, 2]);
  });
});

describe('diversity', () => {
  it('distinct-n equals a computation by hand and the reference', () => {
    close(distinctN(q, 2), reference.distinct2);
    close(distinctN([['a', 'b', 'a'], ['a']], 1), 0.5);
    expect(distinctN([['a']], 2)).toEqual({ value: null, because: 'no text has 2 words' });
  });

  it('self-BLEU equals NLTK with all the other texts as references', () => {
    close(selfBleu(q), reference.selfBleu);
  });

  it('self-BLEU is 1 for constant text, 0 for texts without common words, and not defined for one text', () => {
    const words = ['one', 'and', 'the', 'same', 'text'];
    close(selfBleu([words, words, words]), 1);
    close(selfBleu([['a', 'b', 'c', 'd'], ['e', 'f', 'g', 'h'], []]), 0);
    expect(selfBleu([words]).value).toBeNull();
  });
});
