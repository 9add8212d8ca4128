import { matMul } from '../../tensor/ops.ts';
import { symmetricEigen } from '../../tensor/symmetric-eigen.ts';
import { tf } from '../../tensor/tensorflow.ts';
import type { Embeddings } from '../embeddings.ts';

/** Of the variance, as the reference implementation keeps. */
const EXPLAINED_VARIANCE = 0.9;

/**
 * What MAUVE clusters: the rows of all sets, scaled to length 1 (a row of zeros stays), then their first principal components, as
 * few as explain 0.9 of the variance (Pillutla et al., arXiv 2102.01454, appendix). One component where all rows are equal.
 */
export function reduceFeatures(sets: readonly Embeddings[]): Embeddings {
  const { rows, dims, values } = joinUnitRows(sets);
  let components = 0;
  const reduced = tf.tidy(() => {
    const x = tf.tensor2d(values, [rows, dims]);
    const centred = tf.sub(x, tf.mean(x, 0));
    const { eigenvalues, eigenvectors } = symmetricEigen(matMul(centred, centred, { transposeA: true }));
    components = componentsFor(eigenvalues.dataSync() as Float32Array);
    return matMul(centred, tf.slice(eigenvectors, [0, dims - components], [dims, components]));
  });
  // Read outside: `tf.tidy` looks for tensors among the numbers of its result, one by one.
  const data = reduced.dataSync() as Float32Array;
  reduced.dispose();
  return { rows, dims: components, values: data };
}

/** The largest eigenvalues, from the end of the ascending list, that make up the share of the variance. */
function componentsFor(eigenvalues: Float32Array): number {
  const variances = eigenvalues.map((value) => Math.max(0, value)).reverse();
  const total = variances.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (let i = 0; i < variances.length; i++) {
    sum += variances[i];
    if (sum >= EXPLAINED_VARIANCE * total) return i + 1;
  }
  return variances.length;
}

function joinUnitRows(sets: readonly Embeddings[]): Embeddings {
  const rows = sets.reduce((sum, set) => sum + set.rows, 0);
  const { dims } = sets[0];
  const values = new Float32Array(rows * dims);
  let to = 0;
  for (const set of sets) {
    for (let from = 0; from < set.values.length; from += dims) {
      let squares = 0;
      for (let i = from; i < from + dims; i++) squares += set.values[i] * set.values[i];
      const length = Math.sqrt(squares) || 1;
      for (let i = from; i < from + dims; i++) values[to++] = set.values[i] / length;
    }
  }
  return { rows, dims, values };
}
