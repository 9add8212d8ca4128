export type NoiseScaleResult = {
  passed: boolean;
  /** Sample standard deviation (about 0) over the expected one. */
  ratio: number;
  /** Distance of the sample variance from the expected one, in standard errors. */
  deviations: number;
};

/**
 * Tests whether values are Gaussian noise of mean 0 and the expected standard deviation, by their variance
 * and their mean. Each must be within five standard errors, so a correct mechanism fails for one key in
 * 800,000. With 2,000 values or more, a scale that is wrong by a factor of 1.1 fails.
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
