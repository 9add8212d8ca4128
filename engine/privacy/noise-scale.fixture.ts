export type NoiseScaleResult = {
  passed: boolean;
  /** Sample standard deviation (about 0) over the expected one. */
  ratio: number;
  /** How many standard errors the sample variance is from the expected one. */
  deviations: number;
};

/**
 * Whether values are Gaussian noise of mean 0 and the expected standard deviation, by the variance and by the mean: each within five
 * standard errors (a correct mechanism fails once in 800 000 keys). With 2,000 values or more a scale wrong by a factor of 1.1 fails.
 */
export function noiseScaleTest(
  values: ArrayLike<number>,
  expectedStandardDeviation: number,
): NoiseScaleResult {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    squares += values[k] * values[k];
  }
  const ratio = Math.sqrt(squares / values.length) / expectedStandardDeviation;
  const deviations = (ratio * ratio - 1) / Math.sqrt(2 / values.length);
  const meanDeviations = sum / Math.sqrt(values.length) / expectedStandardDeviation;
  return { passed: Math.abs(deviations) < 5 && Math.abs(meanDeviations) < 5, ratio, deviations };
}
