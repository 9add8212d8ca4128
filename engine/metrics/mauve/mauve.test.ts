import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../data/npy.ts';
import { seededRandom } from '../../data/seeded-random.ts';
import { type Embeddings, toEmbeddings } from '../embeddings.ts';
import { frontierIntegral, mauveOfHistograms } from './divergence-curve.ts';
import { mauve } from './mauve.ts';

const REFERENCE = new URL('../../../test/reference/', import.meta.url);

function json<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, REFERENCE), 'utf8')) as T;
}

function features(name: string): { p: Embeddings; q: Embeddings } {
  const read = (side: string) =>
    toEmbeddings(readNpy(readFileSync(new URL(`mauve-${name}-${side}.npy`, REFERENCE))), side);
  return { p: read('p'), q: read('q') };
}

function embeddings(rows: number, dims: number, value: (row: number, dim: number) => number): Embeddings {
  const values = Float32Array.from({ length: rows * dims }, (_, i) => value(Math.floor(i / dims), i % dims));
  return { rows, dims, values };
}

const USUAL = { buckets: null, scaling: 5, seed: 25 };

describe('MAUVE of histograms', () => {
  it('equals the reference to 1e-9', () => {
    const cases =
      json<{ p: number[]; q: number[]; scaling: number; mauve: number; frontier_integral: number }[]>(
        'mauve-histogram.json',
      );
    expect(cases.length).toBeGreaterThan(1);
    for (const { p, q, scaling, ...expected } of cases) {
      expect(mauveOfHistograms({ p, q, scaling })).toBeCloseTo(expected.mauve, 9);
      expect(frontierIntegral({ p, q })).toBeCloseTo(expected.frontier_integral, 9);
    }
  });

  it('is 1 for equal histograms; the frontier integral is 1 without a common bucket', () => {
    const p = [0.25, 0.75, 0];
    expect(mauveOfHistograms({ p, q: p, scaling: 5 })).toBeCloseTo(1, 9);
    expect(frontierIntegral({ p, q: p })).toBe(0);
    expect(frontierIntegral({ p, q: [0, 0, 1] })).toBeCloseTo(1, 12);
    expect(mauveOfHistograms({ p, q: [0, 0, 1], scaling: 5 })).toBeLessThan(0.01);
  });
});

describe('MAUVE of embeddings', () => {
  it('lies in the range of seeds of the reference, widened by 0.02', () => {
    const cases = json<{ name: string; mauve_min: number; mauve_max: number }[]>('mauve.json');
    for (const { name, mauve_min, mauve_max } of cases) {
      const settings = [0, 1, 2, 3].map((seed) => ({ ...USUAL, seed }));
      const scores = mauve({ ...features(name), settings });
      expect(new Set(scores.map((score) => score.mauve)).size).toBeGreaterThan(1);
      for (const score of scores) {
        expect(score.mauve).toBeGreaterThan(mauve_min - 0.02);
        expect(score.mauve).toBeLessThan(mauve_max + 0.02);
      }
    }
  });

  it('equals mauve-text for the same seed, buckets and scaling, with several settings at once', () => {
    const cases = json<(ReturnType<typeof mauve>[number] & { name: string })[]>('mauve-seeds.json');
    for (const name of ['a', 'b']) {
      const expected = cases.filter((one) => one.name === name);
      const scores = mauve({ ...features(name), settings: expected });
      scores.forEach((score, i) => {
        expect(score.mauve).toBeCloseTo(expected[i].mauve, 6);
        expect(score.frontierIntegral).toBeCloseTo(expected[i].frontierIntegral, 6);
      });
      expect(scores.map(({ buckets }) => buckets)).toEqual([50, 50, 20]);
    }
  });

  it('does not depend on the length of the vectors, and falls with the scaling', () => {
    const { p, q } = features('a');
    const longer = { ...q, values: q.values.map((value) => 3 * value) };
    const [usual, harsher] = mauve({ p, q, settings: [USUAL, { ...USUAL, scaling: 10 }] });
    expect(mauve({ p, q: longer, settings: [USUAL] })[0].mauve).toBeCloseTo(usual.mauve, 6);
    expect(harsher.mauve).toBeLessThan(usual.mauve);
    expect(harsher.frontierIntegral).toBe(usual.frontierIntegral);
  });

  it('is defined for constant embeddings, zeros and ten texts', () => {
    const constant = embeddings(30, 4, (_, dim) => dim + 1);
    expect(mauve({ p: constant, q: constant, settings: [USUAL] })[0].mauve).toBeCloseTo(1, 9);
    const zeros = embeddings(30, 4, () => 0);
    expect(mauve({ p: constant, q: zeros, settings: [USUAL] })[0].mauve).toBeLessThan(0.02);
    const random = seededRandom(1);
    const ten = embeddings(10, 4, () => random() - 0.5);
    const [score] = mauve({ p: ten, q: ten, settings: [USUAL] });
    expect(score.buckets).toBe(2);
    expect(score.mauve).toBeCloseTo(1, 9);
  });

  it('refuses buckets that cannot be filled, a scaling of 0, and embeddings of two encoders', () => {
    const { p, q } = features('a');
    const of = (setting: object) => () => mauve({ p, q, settings: [{ ...USUAL, ...setting }] });
    expect(of({ buckets: 1001 })).toThrow(/2 to 1000 buckets, not 1001/);
    expect(of({ buckets: 1 })).toThrow(/not 1;/);
    expect(of({ scaling: 0 })).toThrow(/above 0/);
    expect(() => mauve({ p, q: embeddings(20, 4, () => 1), settings: [USUAL] })).toThrow(/same encoder/);
  });
});
