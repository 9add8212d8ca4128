import { matMul } from '../../tensor/ops.ts';
import { symmetricEigen } from '../../tensor/symmetric-eigen.ts';
import { tf } from '../../tensor/tensorflow.ts';
import type { Embeddings } from '../embeddings.ts';

/** Share of the variance that is kept, as in the reference implementation. */
const EXPLAINED_VARIANCE = 0.9;

/**
 * Returns the features that MAUVE clusters. Scales the rows of all sets to length 1 (zero rows stay), then
 * keeps the fewest principal components that explain 0.9 of the variance (Pillutla et al., arXiv 2102.01454,
 * appendix). If all rows are equal, keeps one component.
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
  // Read outside `tf.tidy`, which would check every number of its result for tensors.
  const data = reduced.dataSync() as Float32Array;
  reduced.dispose();
  return { rows, dims: components, values: data };
}

/**
 * Returns how many of the largest eigenvalues, at the end of the ascending list, reach the share of the
 * variance.
 */
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
