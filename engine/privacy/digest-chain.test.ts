import { describe, expect, it } from 'vitest';
import { EMPTY_DIGEST, extendDigest, openLink } from './digest-chain.ts';

const values = [Float32Array.of(1, 2, 3), Float32Array.of(4)];
const link = (change: { previous?: string; step?: number; values?: Float32Array[] } = {}) =>
  extendDigest(change.previous ?? EMPTY_DIGEST, { step: change.step ?? 1, values: change.values ?? values });

describe('a digest chain', () => {
  it('differs with what came before, with the step, and with every single value', () => {
    const others = [
      link(),
      link({ previous: link() }),
      link({ step: 2 }),
      link({ values: [Float32Array.of(2, 2, 3), Float32Array.of(4)] }),
      link({ values: [Float32Array.of(1, 2, 3), Float32Array.of(5)] }),
      link({ values: [Float32Array.of(1, 2, 3)] }),
      link({ values: [Float32Array.of(1, 2, 3.0000002), Float32Array.of(4)] }),
    ];
    expect(new Set(others).size).toBe(others.length);
    for (const digest of others) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for values that come piece by piece', () => {
    const open = openLink(EMPTY_DIGEST, 1);
    for (const value of [1, 2, 3, 4]) open.add(Float32Array.of(value));
    expect(open.close()).toBe(link());
  });
});
