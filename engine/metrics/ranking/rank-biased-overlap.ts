import { type Measure, notDefined } from '../measure.ts';
import { assertSameItems, competitionRanks } from './ranks.ts';

/**
 * Returns the rank-biased overlap of two scorings [items], largest score first, between 0 and 1. It is the
 * point estimate RBO_EXT of Webber, Moffat and Zobel (2010, doi 10.1145/1852102.1852106), extrapolated from
 * the compared depth. As there, tied items share the first of their ranks. Not defined without items.
 */
export function rankBiasedOverlap(params: {
  a: readonly number[];
  b: readonly number[];
  /**
   * Weight of a depth relative to the depth above it, 0 < p < 1. A larger value compares more deeply.
   * @default 0.9
   */
  persistence?: number;
  /**
   * Share of the items to compare, from the best, rounded up. Both lists hold all items, so the whole lists
   * end in full agreement. @default 1
   */
  top?: number;
}): Measure {
  const { a, b, persistence: p = 0.9, top = 1 } = params;
  assertSameItems(a, b);
  if (!(p > 0 && p < 1)) throw new RangeError(`The persistence must be between 0 and 1, not ${p}.`);
  if (!(top > 0 && top <= 1)) throw new RangeError(`The share must be above 0 and at most 1, not ${top}.`);
  if (a.length === 0) return notDefined('there is nothing to rank');
  // Rounding must not add an item: 0.07 of 100 is 7.000000000000001.
  const depth = Math.ceil(top * a.length - 1e-9);
  const [ranksA, ranksB] = [competitionRanks(a), competitionRanks(b)];
  let weighted = 0;
  let agreement = 0;
  for (let d = 1; d <= depth; d++) {
    const [inA, inB] = [ranksA, ranksB].map((ranks) => ranks.filter((rank) => rank <= d).length);
    const common = ranksA.filter((rank, item) => rank <= d && ranksB[item] <= d).length;
    agreement = (2 * common) / (inA + inB);
    weighted += agreement * p ** d;
  }
  return { value: agreement * p ** depth + ((1 - p) / p) * weighted };
}
