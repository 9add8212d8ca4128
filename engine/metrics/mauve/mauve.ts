import { invalidConfig } from '../../../schemas/errors.ts';
import { assertSameDims, type Embeddings } from '../embeddings.ts';
import { frontierIntegral, mauveOfHistograms } from './divergence-curve.ts';
import { kMeans } from './k-means.ts';
import { reduceFeatures } from './reduce-features.ts';

/** Settings of MAUVE. Scores with different settings are not comparable. */
export type MauveSettings = {
  /**
   * Number of clusters of both corpora together. `null`: a tenth of the smaller corpus, at least 2, as the
   * authors advise.
   */
  buckets: number | null;
  /** The constant c of the paper. A larger c gives lower scores. The authors use 5. */
  scaling: number;
  /**
   * Seed of the first centroids. The reference implementation gives the same score for the same seed, up to
   * rounding; its default is 25.
   */
  seed: number;
};

export type MauveScore = {
  buckets: number;
  scaling: number;
  seed: number;
  mauve: number;
  frontierIntegral: number;
};

/**
 * Returns MAUVE of two sets of embeddings, p of real text and q of generated text, one score per setting
 * (Pillutla et al., arXiv 2102.01454). Settings share the feature reduction; those that differ only in
 * `scaling` share the clusters. Throws InvalidData for embeddings of different dimensions, InvalidConfig for
 * more buckets than the points can fill.
 */
export function mauve(params: { p: Embeddings; q: Embeddings; settings: MauveSettings[] }): MauveScore[] {
  const { p, q, settings } = params;
  assertSameDims(p, q);
  const rows = p.rows + q.rows;
  const automatic = Math.max(2, Math.round(Math.min(p.rows, q.rows) / 10));
  for (const { buckets, scaling } of settings) {
    if (buckets !== null && (!Number.isInteger(buckets) || buckets < 2 || buckets > rows))
      throw invalidConfig(
        `MAUVE of ${rows} texts needs 2 to ${rows} buckets, not ${buckets}; a tenth of the smaller corpus is usual.`,
      );
    if (!(scaling > 0)) throw invalidConfig(`The scaling of MAUVE must be above 0, not ${scaling}.`);
  }
  // q comes first, because the order decides which points a seed draws.
  const points = reduceFeatures([q, p]);
  const known = new Map<string, { p: number[]; q: number[] }>();
  return settings.map(({ scaling, seed, ...setting }) => {
    const buckets = setting.buckets ?? automatic;
    const key = `${buckets} ${seed}`;
    // The reference implementation adds 2 to its seed here.
    const labels = known.has(key) ? undefined : kMeans({ points, clusters: buckets, seed: seed + 2 });
    if (labels)
      known.set(key, {
        p: histogram(labels.subarray(q.rows), buckets),
        q: histogram(labels.subarray(0, q.rows), buckets),
      });
    const histograms = known.get(key)!;
    return {
      buckets,
      scaling,
      seed,
      mauve: mauveOfHistograms({ ...histograms, scaling }),
      frontierIntegral: frontierIntegral(histograms),
    };
  });
}

/** Returns the share of the points in each bucket. */
function histogram(labels: Int32Array, buckets: number): number[] {
  const counts = new Array<number>(buckets).fill(0);
  for (const label of labels) counts[label] += 1;
  return counts.map((count) => count / labels.length);
}
