/**
 * Counts of [true label, predicted label], `classes` by `classes`, row by row.
 * `counts` says how often each record counts: a bootstrap resample. Default: once.
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

/** Adds matrices of one size element by element. */
export function sumMatrices(matrices: number[][][]): number[][] {
  return matrices.reduce((sum, matrix) => sum.map((row, i) => row.map((value, j) => value + matrix[i][j])));
}
