import type { RankAgreement, TuningSearch } from '../../../schemas/evaluations/tuning.ts';
import { notDefined } from '../measure.ts';
import { kendall } from './kendall.ts';
import { rankBiasedOverlap } from './rank-biased-overlap.ts';
import { regret } from './regret.ts';
import { spearman } from './spearman.ts';

/** Share of the settings, from the best, that matters for a choice. */
const TOP = 0.25;

/** Below every balanced accuracy of a useful classifier, and finite so that differences stay numbers. */
const DIVERGED = 0;

/**
 * Returns how far two searches agree in ranking the same settings. `truth` is the reference: the regret is
 * the score lost by choosing with `proxy`. Diverged settings count as a balanced accuracy of 0. Throws
 * RangeError if the searches differ in length.
 */
export function rankAgreement(params: {
  truth: TuningSearch['searched'];
  proxy: TuningSearch['searched'];
}): RankAgreement {
  const [truth, proxy] = [params.truth, params.proxy].map((searched) =>
    searched.map(({ score }) => score ?? DIVERGED),
  );
  if ([params.truth, params.proxy].some((searched) => searched.every(({ score }) => score === null))) {
    const none = notDefined('every setting of one search diverged');
    return { rankBiasedOverlap: none, spearman: none, kendall: none, regret: none };
  }
  return {
    rankBiasedOverlap: rankBiasedOverlap({ a: proxy, b: truth, top: TOP }),
    spearman: spearman(proxy, truth),
    kendall: kendall(proxy, truth),
    regret: regret({ truth, proxy }),
  };
}
