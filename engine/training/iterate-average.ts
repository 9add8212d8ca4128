/** An exponential moving average of iterates. It is post-processing of noised gradients, hence free. */
export type IterateAverage = {
  /** Number of iterates averaged so far. */
  count: number;
  /** [parameters] the biased average; {@link averagedIterate} corrects it. */
  sum: Float32Array;
};

export function newIterateAverage(parameters: number): IterateAverage {
  return { count: 0, sum: new Float32Array(parameters) };
}

/** Adds one iterate, in place. `decay` in [0, 1) is the weight that the past keeps. */
export function averageIterate(average: IterateAverage, parameters: Float32Array, decay: number): void {
  const { sum } = average;
  for (let k = 0; k < sum.length; k++) sum[k] = decay * sum[k] + (1 - decay) * parameters[k];
  average.count++;
}

/** Returns the average, corrected for its start at zero as Adam's moments are. Needs at least one iterate. */
export function averagedIterate(average: IterateAverage, decay: number): Float32Array {
  const correction = 1 - decay ** average.count;
  return average.sum.map((value) => value / correction);
}
