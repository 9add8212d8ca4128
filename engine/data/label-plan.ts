import type { SamplingConfig } from '../../schemas/settings/sampling.ts';

type Shares = Pick<SamplingConfig, 'records' | 'labels'>;

/**
 * Some synthetic records of one label. `first` is the number of the first one in the whole corpus, `before`
 * the number of records of the label before it.
 */
export type LabelShare = { label: string; first: number; before: number; count: number };

/**
 * Returns the labels of a shard's records. Records of a label are adjacent, so that a shard generates them as
 * one batch after one prefix. Shares follow the public proportions, rounded so that they add up (largest
 * remainder).
 */
export function labelShares(params: {
  labels: readonly string[];
  sampling: SamplingConfig;
  shard: number;
}): LabelShare[] {
  const { labels, sampling, shard } = params;
  const { records, shards } = sampling;
  const from = Math.floor((records * shard) / shards);
  const to = Math.floor((records * (shard + 1)) / shards);
  const counts = countsOf(labels, sampling);
  const shares: LabelShare[] = [];
  let first = 0;
  labels.forEach((label, index) => {
    const begin = Math.max(first, from);
    const end = Math.min(first + counts[index], to);
    if (end > begin) shares.push({ label, first: begin, before: begin - first, count: end - begin });
    first += counts[index];
  });
  return shares;
}

/**
 * Returns the requested labels that get no text, because there are fewer texts than labels or their
 * proportion is too small.
 */
export function labelsWithoutText(params: { labels: readonly string[]; sampling: SamplingConfig }): string[] {
  const { labels, sampling } = params;
  const counts = countsOf(labels, sampling);
  return labels.filter((label, i) => counts[i] === 0 && shareOf(label, sampling) > 0);
}

/** Returns how many records each label gets, in the order of the labels. */
export function countsOf(labels: readonly string[], sampling: Shares): number[] {
  return apportion(
    labels.map((label) => shareOf(label, sampling)),
    sampling.records,
  );
}

/** Returns the proportion of a label, 0 if it has none. */
function shareOf(label: string, { labels }: Shares): number {
  if (labels === 'uniform') return 1;
  return Object.hasOwn(labels, label) ? labels[label] : 0;
}

/** Returns whole numbers in the given proportions that add up to `total`. */
function apportion(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (weight / sum) * total);
  const counts = exact.map(Math.floor);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b] - counts[b] - (exact[a] - counts[a]));
  const missing = total - counts.reduce((a, b) => a + b, 0);
  for (const index of byRemainder.slice(0, missing)) counts[index] += 1;
  return counts;
}
