/**
 * Counts of [true label, predicted label], `classes` by `classes`, row by row.
 * `rows` picks records, repeats allowed: a bootstrap resample. Default: every record once.
 */
export function confusionMatrix(params: {
  truth: ArrayLike<number>;
  predicted: ArrayLike<number>;
  classes: number;
  rows?: ArrayLike<number>;
}): number[][] {
  const { truth, predicted, classes, rows } = params;
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const length = rows?.length ?? truth.length;
  for (let i = 0; i < length; i++) {
    const row = rows ? rows[i] : i;
    matrix[truth[row]][predicted[row]]++;
  }
  return matrix;
}

/** Adds matrices of one size element by element. */
export function sumMatrices(matrices: number[][][]): number[][] {
  return matrices.reduce((sum, matrix) => sum.map((row, i) => row.map((value, j) => value + matrix[i][j])));
}
