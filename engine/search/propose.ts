import type { JudgedTrial, SearchConfig, TrialValues } from '../../schemas/sweep/search.ts';
import { randomStream, type SeededRandom } from '../data/seeded-random.ts';
import { type Dimension, drawValue, fromUnit, type RangeDimension, toUnit } from './dimension.ts';
import { parzen } from './parzen.ts';

/**
 * Random trials before the first estimate, candidates per draw, and share of good trials, all as in Optuna.
 */
const STARTUP = 10;
const CANDIDATES = 24;
const GOOD_SHARE = 0.1;
const MOST_GOOD = 25;

/**
 * Returns the values of trial `index`. The same seed and earlier trials give the same values. `random` draws
 * each field independently. `tpe` is the tree-structured Parzen estimator of Bergstra et al. 2011 (NIPS 24).
 * It draws candidates where good trials are dense and takes the candidate where the other trials are
 * sparsest, independently for each field. A trial without a score counts as one of the others, so that
 * concurrent trials do not all try the same values.
 */
export function proposeTrial(params: {
  search: Pick<SearchConfig, 'method' | 'seed' | 'space'>;
  maximize: boolean;
  index: number;
  trials: readonly JudgedTrial[];
}): TrialValues {
  const { search, maximize, index, trials } = params;
  const random = randomStream({ seed: search.seed, purpose: 'search', index });
  const scored = trials.filter(({ score }) => score !== null);
  const isRandom = search.method === 'random' || scored.length < STARTUP;
  const sign = maximize ? -1 : 1;
  const ordered = scored.toSorted((a, b) => sign * (a.score! - b.score!));
  const good = ordered.slice(0, Math.min(MOST_GOOD, Math.ceil(GOOD_SHARE * scored.length)));
  const others = [...ordered.slice(good.length), ...trials.filter(({ score }) => score === null)];
  return Object.fromEntries(
    Object.entries(search.space).map(([path, dimension]) => {
      if (isRandom) return [path, drawValue(dimension, random)];
      const valuesOf = (some: readonly JudgedTrial[]) => some.map(({ values }) => values[path]);
      return [path, promising({ dimension, good: valuesOf(good), others: valuesOf(others), random })];
    }),
  );
}

type Seen = { good: unknown[]; others: unknown[]; random: SeededRandom };

function promising({ dimension, ...seen }: Seen & { dimension: Dimension }): unknown {
  return 'values' in dimension ? promisingChoice(dimension.values, seen) : promisingNumber(dimension, seen);
}

function promisingNumber(range: RangeDimension, { good, others, random }: Seen): number {
  const estimate = (values: unknown[]) => parzen(values.map((value) => toUnit(range, value as number)));
  const [ofGood, ofOthers] = [estimate(good), estimate(others)];
  const candidates = Array.from({ length: CANDIDATES }, () => ofGood.draw(random));
  return fromUnit(
    range,
    best(candidates, (unit) => ofGood.logDensity(unit) - ofOthers.logDensity(unit)),
  );
}

/** Chooses by the counts of trials, with one more trial spread over all values. */
function promisingChoice(values: readonly unknown[], { good, others, random }: Seen): unknown {
  const shares = (seen: unknown[]) => {
    const keys = seen.map((value) => JSON.stringify(value));
    return values.map(
      (value) =>
        (keys.filter((key) => key === JSON.stringify(value)).length + 1 / values.length) / (seen.length + 1),
    );
  };
  const [ofGood, ofOthers] = [shares(good), shares(others)];
  const candidates = Array.from({ length: CANDIDATES }, () => drawIndex(ofGood, random));
  return values[best(candidates, (at) => Math.log(ofGood[at]) - Math.log(ofOthers[at]))];
}

function drawIndex(shares: readonly number[], random: SeededRandom): number {
  let left = random();
  const at = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return at < 0 ? shares.length - 1 : at;
}

function best<T>(candidates: readonly T[], worth: (candidate: T) => number): T {
  return candidates.reduce((most, next) => (worth(next) > worth(most) ? next : most));
}
