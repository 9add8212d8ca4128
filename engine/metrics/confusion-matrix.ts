/**
 * Returns counts of [true label, predicted label], a list of `classes` rows of `classes` numbers.
 * `counts` is the weight of each record in a bootstrap resample. Default: 1.
 */
export function confusionMatrix(params: {
  truth: ArrayLike<number>;
  predicted: ArrayLike<number>;
  classes: number;
  counts?: ArrayLike<number>;
}): number[][] {
  const { truth, predicted, classes, counts } = params;
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) matrix[truth[i]][predicted[i]] += counts?.[i] ?? 1;
  return matrix;
}

/** Adds matrices of the same size element by element. */
export function sumMatrices(matrices: number[][][]): number[][] {
  return matrices.reduce((sum, matrix) => sum.map((row, i) => row.map((value, j) => value + matrix[i][j])));
}
