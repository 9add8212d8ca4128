import type { SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { choleskySolver } from './cholesky.ts';
import { classCounts } from './class-counts.ts';
import { classSums } from './class-sums.ts';
import type { LinearHead } from './linear-head.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/** Part of the mean variance of a coordinate that is added to each: the covariance of few texts has no inverse. */
const SHRINKAGE = 0.1;
/** Squared distance that the private mean of a class is expected to have from the pool's. */
const MEAN_SHIFT = 0.15;

/**
 * Linear discriminant analysis with noisy class means of the private records and the covariance of the pool. Returns it as a head with equal
 * priors.
 *
 * The mean of a class is taken over its n private records and, as if there were so many more, sigma^2 width / (n MEAN_SHIFT) times the mean
 * of the pool's texts of that class: the best weighted mean of the two if their squared distance is MEAN_SHIFT. A class that is small beside
 * its noise stays with the pool, and one without any record has a mean too. The noise of a mean adds to its covariance.
 * @param params.counts [classes] noisy counts, all positive
 */
export function trainClassMeansTeacher(params: {
  mechanism: SelectionMechanism;
  records: UnitRecords;
  pool: UnitRecords;
  counts: Float64Array;
}): LinearHead {
  const { mechanism, records, pool, counts } = params;
  const { classes, width } = records;
  const { noiseMultiplier } = mechanism.planned('class-sums');
  const sums = mechanism.release({ statistic: 'class-sums', sum: classSums(records) });
  const pooled = poolMeans(pool);
  const added = counts.map((count) => (noiseMultiplier ** 2 * width) / (count * MEAN_SHIFT));
  const means = sums.map((sum, place) => {
    const k = Math.floor(place / width);
    return (sum + added[k] * pooled[place]) / (counts[k] + added[k]);
  });
  const noise =
    counts.reduce((sum, count, k) => sum + (noiseMultiplier / (count + added[k])) ** 2, 0) / classes;
  const solve = choleskySolver(withinCovariance(pool, { means: pooled, noise }), width);
  const weights = new Float64Array(classes * (width + 1));
  for (let k = 0; k < classes; k += 1) {
    const mean = means.subarray(k * width, (k + 1) * width);
    const solved = solve(mean);
    weights.set(solved, k * (width + 1));
    weights[k * (width + 1) + width] = -0.5 * solved.reduce((sum, value, j) => sum + value * mean[j], 0);
  }
  return { classes, width, weights };
}

/** Mean vector of the pool's texts of each class, [classes, width]; of a class without any, that of all texts. */
function poolMeans(pool: UnitRecords): Float64Array {
  const { classes, width } = pool;
  const sums = classSums(pool).values;
  const counts = classCounts(pool).values;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return sums.map((sum, place) => {
    const [k, j] = [Math.floor(place / width), place % width];
    if (counts[k] > 0) return sum / counts[k];
    let all = 0;
    for (let other = 0; other < classes; other += 1) all += sums[other * width + j];
    return total > 0 ? all / total : 0;
  });
}

/** Covariance [width, width] of the pool's vectors about the means of their classes, shrunk, plus `noise` on each coordinate. */
function withinCovariance(
  pool: UnitRecords,
  { means, noise }: { means: Float64Array; noise: number },
): Float64Array {
  const { count, width, vectors, labels } = pool;
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  let counted = 0;
  for (let record = 0; record < count; record += 1) {
    if (labels[record] === NO_CLASS) continue;
    counted += 1;
    for (let j = 0; j < width; j += 1)
      centred[j] = vectors[record * width + j] - means[labels[record] * width + j];
    for (let i = 0; i < width; i += 1)
      for (let j = 0; j <= i; j += 1) covariance[i * width + j] += centred[i] * centred[j];
  }
  const scale = 1 / Math.max(1, counted);
  let trace = 0;
  for (let i = 0; i < width; i += 1) trace += covariance[i * width + i] * scale;
  // Never zero: a pool of equal texts has no covariance at all.
  const ridge = SHRINKAGE * (trace / width) + noise + 1e-9;
  for (let i = 0; i < width; i += 1)
    for (let j = 0; j <= i; j += 1) {
      const value = covariance[i * width + j] * scale + (i === j ? ridge : 0);
      covariance[i * width + j] = value;
      covariance[j * width + i] = value;
    }
  return covariance;
}
