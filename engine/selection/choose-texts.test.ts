import { expect, it } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { chooseTexts } from './choose-texts.ts';
import { NO_CLASS } from './unit-records.ts';

/** Texts of three classes, one after the other; the teacher takes the last two of each for the next class. */
const own = Int32Array.from({ length: 30 }, (_, text) => Math.floor(text / 10));
const chosen = own.map((label, text) => (text % 10 >= 8 ? (label + 1) % 3 : label));
const choose = (options: Partial<Parameters<typeof chooseTexts>[0]>) =>
  chooseTexts({ rule: 'agree', own, chosen, wanted: [4, 4, 4], random: seededRandom(1), ...options });

it('spreads the texts that it keeps over all that there are', () => {
  const ofFirst = choose({}).filter(({ label }) => label === 0);
  expect(ofFirst.map(({ text }) => text)).toEqual([0, 2, 4, 6]);
  const relabelled = choose({ rule: 'relabel' }).filter(({ label }) => label === 0);
  expect(relabelled.map(({ text }) => text)).toEqual([0, 2, 5, 7]);
});

it('weighs the texts of a class that has fewer than wanted, four times at most', () => {
  const texts = choose({ wanted: [8, 12, 100] });
  const weights = [0, 1, 2].map(
    (label) => new Set(texts.flatMap((t) => (t.label === label ? [t.weight] : []))),
  );
  expect(weights.map((own) => [...own])).toEqual([[1], [1.5], [4]]);
  expect(texts).toHaveLength(24);
});

it('leaves out texts without a vector, whatever the teacher says', () => {
  const blank = own.map((label, text) => (text === 2 ? NO_CLASS : label));
  for (const rule of ['agree', 'relabel', 'soft'] as const) {
    const texts = choose({ rule, own: blank, wanted: [30, 30, 30] });
    expect(texts.map(({ text }) => text)).not.toContain(2);
  }
});

it('draws by votes: in proportion to them, without replacement, and those without votes last', () => {
  const votes = new Float64Array(30);
  votes.set([30, 10, -5, 0, 0, 0, 0, 0]);
  const ofFirst = (seed: number, wanted: number) =>
    choose({ votes, wanted: [wanted, 0, 0], random: seededRandom(seed) }).map(({ text }) => text);
  const first = Array.from({ length: 2000 }, (_, seed) => ofFirst(seed, 1)[0]);
  const share = first.filter((text) => text === 0).length / first.length;
  expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 2000));
  expect(first.every((text) => text < 2)).toBe(true);
  expect(ofFirst(1, 2)).toEqual([0, 1]);
  expect(ofFirst(1, 8)).toHaveLength(8);
});
