import { describe, expect, it } from 'vitest';
import type { LabelledText } from '../../schemas/records.ts';
import { nextVersion } from './next-version.ts';
import { unitDigest } from './unit-digest.ts';

const corpus = (from: number, to: number): LabelledText[] =>
  Array.from({ length: to - from }, (_, i) => ({
    text: `text ${from + i}`,
    label: (from + i) % 2 ? 'a' : 'b',
  }));
const next = (params: Partial<Parameters<typeof nextVersion>[0]>) =>
  nextVersion({
    mode: 'full',
    records: corpus(0, 100),
    published: null,
    isUsed: () => false,
    testFraction: 0.2,
    seed: 1,
    expectedBatchSize: 4,
    ...params,
  });
const contentOf = (records: LabelledText[]): string => {
  const version = next({ records });
  if (typeof version === 'string') throw new Error(version);
  return version.content;
};
const used = (records: LabelledText[]) => {
  const units = new Set(records.map(({ text }) => unitDigest(text)));
  return (unit: string) => units.has(unit);
};

describe('the next version of all records', () => {
  it('uses all of them if any was added, removed or relabelled', () => {
    const published = contentOf(corpus(0, 100));
    const relabelled = corpus(0, 100).with(0, { text: 'text 0', label: 'a' });
    for (const records of [corpus(0, 101), corpus(0, 99), relabelled])
      expect(next({ records, published })).toMatchObject({
        units: records.map(({ text }) => unitDigest(text)).sort(),
      });
  });

  it('is not made from unchanged records, whatever their order', () => {
    const published = contentOf(corpus(0, 100));
    expect(next({ records: corpus(0, 100).reverse(), published })).toBe('unchanged');
  });
});

describe('the next version of unused records', () => {
  const mode = 'incremental';

  it('uses only these, even if an old text occurs in another spelling or with another label', () => {
    const again = { text: 'TEXT  7', label: 'b' };
    const records = [...corpus(0, 7), again, ...corpus(8, 200)];
    expect(next({ mode, records, isUsed: used(corpus(0, 100)) })).toMatchObject({
      units: corpus(100, 200)
        .map(({ text }) => unitDigest(text))
        .sort(),
    });
  });

  it('needs no records for a separate test set', () => {
    const isUsed = used(corpus(0, 100));
    const fresh = corpus(100, 152);
    expect(next({ mode, records: [...corpus(0, 100), ...fresh], isUsed })).toBe('too-few');
    expect(next({ mode, records: [...corpus(0, 100), ...fresh], isUsed, testFraction: null })).toMatchObject({
      units: fresh.map(({ text }) => unitDigest(text)).sort(),
    });
  });

  it('waits until there are enough training records with two labels', () => {
    const isUsed = used(corpus(0, 100));
    expect(next({ mode, records: corpus(0, 100), isUsed })).toBe('unchanged');
    expect(next({ mode, records: corpus(0, 120), isUsed })).toBe('too-few');
    expect(next({ mode, records: corpus(0, 200), isUsed, expectedBatchSize: 90 })).toBe('too-few');
    const oneLabel = [...corpus(0, 100), ...corpus(100, 200).map(({ text }) => ({ text, label: 'a' }))];
    expect(next({ mode, records: oneLabel, isUsed })).toBe('too-few');
  });
});
