import type { z } from 'zod';
import type { MauveSettingsOfRun, mauveOfSeedsSchema } from '../../../schemas/evaluations/proxies.ts';
import type { Embeddings } from '../embeddings.ts';
import { mauve } from '../mauve/mauve.ts';
import { notDefined } from '../measure.ts';

export type MauveOfSeeds = z.infer<typeof mauveOfSeedsSchema>;

/**
 * Returns MAUVE of real and synthetic embeddings for each setting: mean and deviation over its seeds. Not
 * defined if a side is empty, or if both together have fewer texts than buckets. All settings share the
 * feature reduction.
 */
export function mauveOverSeeds(params: {
  real: Embeddings;
  synthetic: Embeddings;
  settings: readonly MauveSettingsOfRun[];
}): MauveOfSeeds[] {
  const { real, synthetic, settings } = params;
  const why = (buckets: number | null) => whyNot(real.rows, synthetic.rows, buckets);
  const possible = settings.filter(({ buckets }) => why(buckets) === null);
  const scores =
    possible.length === 0
      ? []
      : mauve({
          p: real,
          q: synthetic,
          settings: possible.flatMap(({ seeds, ...one }) => seeds.map((seed) => ({ ...one, seed }))),
        });
  let next = 0;
  return settings.map((setting) => {
    const because = why(setting.buckets);
    if (because !== null)
      return {
        ...setting,
        mauve: notDefined(because),
        deviation: null,
        frontierIntegral: notDefined(because),
      };
    const own = scores.slice(next, next + setting.seeds.length);
    next += own.length;
    return {
      ...setting,
      mauve: { value: mean(own.map((score) => score.mauve)) },
      deviation: deviation(own.map((score) => score.mauve)),
      frontierIntegral: { value: mean(own.map((score) => score.frontierIntegral)) },
    };
  });
}

function whyNot(real: number, synthetic: number, buckets: number | null): string | null {
  if (real === 0 || synthetic === 0) return 'one of the corpora is empty';
  return (buckets ?? 2) > real + synthetic
    ? `${real + synthetic} texts cannot fill ${buckets} buckets`
    : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the sample standard deviation; null for one value. */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
