import type { SearchSpace } from '../../schemas/sweep/search.ts';
import type { SeededRandom } from '../data/seeded-random.ts';

export type Dimension = SearchSpace[string];
export type RangeDimension = Exclude<Dimension, { values: unknown }>;

/** Returns the place of a value in its range, 0 to 1, by its logarithm if the scale is log. */
export function toUnit({ low, high, scale, integer }: RangeDimension, value: number): number {
  const [from, to] = ends({ low, high, integer });
  if (scale === 'log') return (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from));
  return (value - from) / (to - from);
}

/** Returns the value at a place from 0 to 1, never outside the range. */
export function fromUnit({ low, high, scale, integer }: RangeDimension, unit: number): number {
  const [from, to] = ends({ low, high, integer });
  const value =
    scale === 'log'
      ? Math.exp(Math.log(from) + unit * (Math.log(to) - Math.log(from)))
      : from + unit * (to - from);
  // Five digits are precise enough for a search, and keep names and tables short.
  const shown = integer ? Math.round(value) : Number(value.toPrecision(5));
  return Math.min(high, Math.max(low, shown));
}

/**
 * Extends a range of whole numbers by half a step on each side, so that the first and the last are as likely
 * as the others.
 */
function ends({ low, high, integer }: Pick<RangeDimension, 'low' | 'high' | 'integer'>): [number, number] {
  return integer ? [low - 0.5, high + 0.5] : [low, high];
}

export function drawValue(dimension: Dimension, random: SeededRandom): unknown {
  if ('values' in dimension) return dimension.values[Math.floor(random() * dimension.values.length)];
  return fromUnit(dimension, random());
}
