import { describe, expect, it } from 'vitest';
import { binShares, lengthBins } from './length-bins.ts';
import { textStatistics, textStatisticsSchema } from './text-statistics.ts';
import { commonPairs, countWordPairs } from './word-pairs.ts';

const measured = (source: 'synthetic' | 'real', texts: string[]) => ({
  source,
  texts,
  tokens: texts.map((text) => text.length + 1),
});

describe('bins of lengths', () => {
  it('hold every length once, with the longest in the last, open bin', () => {
    const lengths = Array.from({ length: 200 }, (_, i) => i % 48);
    const edges = lengthBins([...lengths, 4000]);
    expect(edges.length).toBeLessThanOrEqual(21);
    expect(new Set(edges.slice(1).map((edge, i) => edge - edges[i])).size).toBe(1);
    const shares = binShares([...lengths, 4000], edges);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(binShares([4000], edges).at(-1)).toBe(1);
  });

  it('exist for ten records, for one length and for no lengths', () => {
    expect(lengthBins([])).toEqual([0]);
    expect(lengthBins([0, 0, 0])).toEqual([0]);
    expect(binShares([7, 7], lengthBins([7, 7])).filter((share) => share > 0)).toEqual([1]);
    expect(binShares([], [0, 5])).toEqual([0, 0]);
  });
});

describe('word pairs', () => {
  it('are counted inside a text, in lower case, over letters of any script', () => {
    const { counts, total } = countWordPairs([
      'Call me, call me!',
      'call',
      '',
      '😀 😀',
      'صباح الخير يا',
      'हिन्दी भाषा',
    ]);
    expect(counts.get('call me')).toBe(2);
    expect(counts.get('me call')).toBe(1);
    expect(counts.get('صباح الخير')).toBe(1);
    expect(counts.get('हिन्दी भाषा')).toBe(1);
    expect(total).toBe(6);
  });

  it('are sorted by count, then alphabetically', () => {
    expect(commonPairs(new Map(Object.entries({ 'b c': 1, 'a b': 1, 'z z': 3 })), 2)).toEqual(['z z', 'a b']);
  });
});

it('takes bins and pairs from the synthetic corpus alone', () => {
  const synthetic = measured('synthetic', ['see you at seven', 'see you soon']);
  const alone = textStatistics(synthetic, []);
  const secret = measured('real', ['my secret phrase '.repeat(400)]);
  const both = textStatistics(synthetic, [secret]);
  expect({ ...both, corpora: both.corpora.slice(0, 1) }).toEqual(alone);
  expect(both.wordPairs[0]).toBe('see you');
  expect(both.corpora[0].wordPairs[0]).toBeCloseTo(2 / 5, 12);
  expect(both.corpora[1].wordPairs).toEqual(both.wordPairs.map(() => 0));
  expect(both.corpora[1].tokens.at(-1)).toBe(1);
});

it('has numbers, not NaN, for empty texts', () => {
  const statistics = textStatistics(measured('synthetic', ['', '']), [measured('real', [])]);
  expect(textStatisticsSchema.parse(JSON.parse(JSON.stringify(statistics)))).toEqual(statistics);
  expect(statistics.corpora[0]).toMatchObject({ records: 2, characters: [1], wordPairs: [] });
  expect(statistics.corpora[1].median).toEqual({ tokens: null, characters: null });
});
