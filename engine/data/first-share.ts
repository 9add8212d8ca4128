import type { LabelledText } from '../../schemas/records.ts';
import { seededRandom, shuffledIndices } from './seeded-random.ts';

// Rounding must not add a text: 0.07 of 100 is 7.000000000000001.
const TOLERANCE = 1e-9;

/**
 * Returns the first `share` of the texts of each label, rounded up, in one shuffle with a public seed. Also
 * returns the rest; both are in the order of the texts. For the same seed, a larger share contains the
 * smaller ones. A label with texts keeps at least one.
 */
export function firstShare(params: { texts: readonly LabelledText[]; share: number; seed: number }): {
  first: LabelledText[];
  rest: LabelledText[];
} {
  const { texts, share, seed } = params;
  const ofLabel = new Map<string, number[]>();
  for (const index of shuffledIndices(texts.length, seededRandom(seed))) {
    const own = ofLabel.get(texts[index].label);
    if (own === undefined) ofLabel.set(texts[index].label, [index]);
    else own.push(index);
  }
  const taken = new Set(
    [...ofLabel.values()].flatMap((own) => own.slice(0, Math.ceil(share * own.length - TOLERANCE))),
  );
  return {
    first: texts.filter((_, index) => taken.has(index)),
    rest: texts.filter((_, index) => !taken.has(index)),
  };
}
