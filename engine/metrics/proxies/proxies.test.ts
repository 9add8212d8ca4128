import { describe, expect, it } from 'vitest';
import type { MauveSettingsOfRun } from '../../../schemas/evaluations/proxies.ts';
import { seededRandom } from '../../data/seeded-random.ts';
import type { Measure } from '../measure.ts';
import { mauveOverSeeds } from './mauve-over-seeds.ts';
import { textDistances, textDiversity } from './text-proxies.ts';

const side = (texts: string[]) => ({ texts, tokens: texts.map((text) => text.length) });
const distances = (real: string[], synthetic: string[]) =>
  textDistances({ real: side(real), synthetic: side(synthetic) });

/** Asserts that a table can show each measure: a finite number or a reason. */
function tellable(measures: Record<string, Measure>) {
  for (const measure of Object.values(measures))
    expect(
      measure.value === null ? measure.because.length > 0 : Number.isFinite(measure.value),
      JSON.stringify(measures),
    ).toBe(true);
}

const REAL = ['see you at seven', 'call me now', 'are you there', 'no'];

describe('words and lengths of', () => {
  it('equal texts have distance 0', () => {
    expect(Object.values(distances(REAL, REAL)).map(({ value }) => value)).toEqual([0, 0, 0, 0]);
  });

  it('empty texts: lengths are known, words are not', () => {
    const empty = ['', '', ''];
    expect(distances(REAL, empty)).toMatchObject({
      words: { value: null },
      wordPairs: { value: null },
      characterLengths: { value: 10.5 },
    });
    expect(textDiversity(empty)).toMatchObject({ selfBleu: { value: null, because: 'no text has a word' } });
    tellable({ ...distances(REAL, empty), ...textDiversity(empty) });
    tellable({ ...distances(REAL, []), ...textDiversity([]) });
  });

  it('constant text: no diversity', () => {
    const constant = Array(10).fill('one and the same text');
    expect(textDiversity(constant)).toEqual({
      distinct1: { value: 0.1 },
      distinct2: { value: 0.1 },
      selfBleu: { value: expect.closeTo(1, 12) },
    });
    tellable(distances(REAL, constant));
  });

  it('emoji and right-to-left text are words like any other', () => {
    const texts = ['مرحبا بالعالم 😀', 'שלום עולם', '👩‍👩‍👧 🇩🇪', 'صباح الخير يا صديقي'];
    expect(distances(texts, texts).wordPairs).toEqual({ value: 0 });
    expect(distances(REAL, texts).words.value).toBeCloseTo(1, 12);
    expect(textDiversity(texts).distinct1).toEqual({ value: 1 });
  });
});

describe('MAUVE over seeds', () => {
  const cloud = (rows: number, centre: number) => {
    const random = seededRandom(rows);
    return { rows, dims: 3, values: Float32Array.from({ length: 3 * rows }, () => centre + random()) };
  };
  const setting: MauveSettingsOfRun = { buckets: null, scaling: 5, seeds: [1, 2, 3] };
  const of = (rows: number, settings: MauveSettingsOfRun[] = [setting]) =>
    mauveOverSeeds({ real: cloud(40, 0), synthetic: cloud(rows, 1), settings });

  it('is the mean, with the deviation; each setting keeps its own scores', () => {
    const single = setting.seeds.map((seed) => of(30, [{ ...setting, seeds: [seed] }])[0]);
    const mean = single.reduce((sum, { mauve }) => sum + mauve.value!, 0) / 3;
    const [first, second] = of(30, [setting, { ...setting, scaling: 1 }]);
    expect(first.mauve.value).toBeCloseTo(mean, 9);
    expect(first.deviation).toBeGreaterThan(0);
    expect(second.mauve.value).toBeGreaterThan(mean);
    expect(single[0].deviation).toBeNull();
  });

  it('says why a score is missing, and still returns the others', () => {
    expect(of(0)[0].mauve).toEqual({ value: null, because: 'one of the corpora is empty' });
    const [many, few] = of(10, [{ ...setting, buckets: 51 }, setting]);
    expect(many.mauve).toEqual({ value: null, because: '50 texts cannot fill 51 buckets' });
    expect(few.mauve.value).toBeGreaterThanOrEqual(0);
  });

  it('is a number for constant embeddings', () => {
    const constant = { rows: 12, dims: 3, values: new Float32Array(36).fill(0.5) };
    const [same] = mauveOverSeeds({ real: constant, synthetic: constant, settings: [setting] });
    expect(same.mauve.value).toBeCloseTo(1, 6);
    const [one] = mauveOverSeeds({ real: cloud(40, 0), synthetic: constant, settings: [setting] });
    expect(one.mauve.value).toBeLessThan(0.5);
  });
});
