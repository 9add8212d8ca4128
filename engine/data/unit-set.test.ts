import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unitSetDigest } from './unit-set.ts';

it('depends only on the set: order, duplicates, case, white space and empty texts do not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.infiniteStream(fc.nat()), (texts, picks) => {
      const again = [...texts, ' ', ...texts.map((text) => ` ${text.normalize('NFD')}\n`)];
      const shuffled = again.map((text) => ({ text, at: picks.next().value })).sort((a, b) => a.at - b.at);
      expect(unitSetDigest(shuffled.map(({ text }) => text))).toBe(unitSetDigest(texts));
    }),
  );
});

it('changes if a text is added, removed or changed', () => {
  const digests = [['a', 'b'], ['a'], ['a', 'b', 'c'], ['a', 'bx'], ['ab'], []].map(unitSetDigest);
  expect(new Set(digests).size).toBe(digests.length);
});
