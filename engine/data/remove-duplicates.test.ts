import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledText } from '../../schemas/records.ts';
import { nextVersion } from './next-version.ts';
import { duplicateKey } from './normalise-text.ts';
import { removeDuplicates } from './remove-duplicates.ts';
import { selectRecords } from './select-records.ts';
import { splitCorpus } from './split-corpus.ts';

const row = (text: string, label: string): LabelledText => ({ text, label });

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Returns the prepared form of a file with these rows, and the version of a release made from it. */
function prepared(rows: readonly LabelledText[]) {
  const { records, counts } = selectRecords({ records: [...rows], labels: ['a', 'b', 'c'], name: 'corpus' });
  const split = { testFraction: 0.3, seed: 1 };
  const version = nextVersion({
    ...{ mode: 'full', records, published: null, isUsed: () => false, expectedBatchSize: 1, ...split },
  });
  return { counts, version, ...splitCorpus({ records, ...split }) };
}

describe('rows with equal text', () => {
  const ROWS = [
    row('One text', 'a'),
    row(' one  TEXT', 'b'),
    row('ONE text', 'c'),
    row('one text\n', 'a'),
    row('cafe\u0301', 'b'),
    row('Caf\u00e9', 'a'),
    row('alone', 'c'),
  ];

  it('give the same records and the same split in any order of the file', () => {
    const wanted = prepared(ROWS);
    expect([...wanted.train, ...wanted.test]).toHaveLength(3);
    for (const order of permutations(ROWS)) expect(prepared(order)).toEqual(wanted);
  });

  it('give the same result in any order of a larger file, with any labels and spellings', () => {
    const spelling = fc.tuple(
      fc.constantFrom('ab cd', 'Ab cd', 'AB  CD', ' ab\tCd ', 'ef', 'EF', 'gh\u0301', 'GH\u0301'),
      fc.integer({ min: 0, max: 12 }),
    );
    const rows = fc.array(
      fc
        .tuple(spelling, fc.constantFrom('a', 'b', 'c'))
        .map(([[text, n], label]) => row(`${text} ${n}`, label)),
      { minLength: 1, maxLength: 200 },
    );
    const shuffled = rows.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    const base = [row('of a', 'a'), row('of b', 'b')];
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(prepared([...other, ...base])).toEqual(prepared([...base, ...one]));
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it('become one record, which is one of these rows', () => {
    const kept = removeDuplicates(ROWS);
    expect(kept).toHaveLength(3);
    for (const record of kept) expect(ROWS).toContainEqual(record);
    expect(new Set(kept.map(({ text }) => duplicateKey(text))).size).toBe(3);
  });

  it('become the most frequent spelling, whatever the labels, with its most frequent label', () => {
    const rows = [row('B', 'a'), row('b', 'a'), row('B', 'b'), row('B', 'b'), row('b', 'a')];
    expect(removeDuplicates(rows)).toEqual([row('B', 'b')]);
    for (const labels of permutations(['a', 'b', 'c', 'a'])) {
      const relabelled = ['x', 'X', 'X', 'x y'].map((text, i) => row(text, labels[i]));
      expect(removeDuplicates(relabelled)[0].text).toBe('X');
    }
  });

  it('do not depend on a single row if a vote leads by two', () => {
    const rows = [row('t', 'a'), row('t', 'a'), row('t', 'a'), row('t', 'b'), row('T', 'b')];
    for (let left = 0; left < rows.length; left += 1)
      expect(removeDuplicates(rows.toSpliced(left, 1))).toEqual([row('t', 'a')]);
  });

  it('break ties by a digest that favours neither of two labels', () => {
    const winners = Array.from({ length: 400 }, (_, i) => {
      const [kept] = removeDuplicates([row(`text ${i}`, 'a'), row(`text ${i}`, 'b')]);
      return kept.label;
    });
    // Binomial(400, 1/2): five standard deviations are 50.
    expect(Math.abs(winners.filter((label) => label === 'a').length - 200)).toBeLessThan(50);
  });
});
