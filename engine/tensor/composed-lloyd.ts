import type { Clusters, FusedOps } from './fused-ops.ts';
import { matMul } from './matrix-ops.ts';
import { type Tensor, type Tensor1D, tf } from './tensorflow.ts';

/** `lloyd` composed of TensorFlow's own kernels, which recomputes every distance. */
export const composedLloyd: FusedOps['lloyd'] = ({ x, centroids, before, iterations }) => {
  let place = centroids;
  let known = before;
  for (let done = 1; ; done++) {
    const { labels, scores } = nearest(x, place);
    const finished = same(labels, known);
    const result = (moved: Tensor): Clusters => {
      return { labels, scores, centroids: tf.clone(moved), iterations: done, finished };
    };
    if (finished || done === iterations) return result(place);
    known = labels;
    const count = centroids.shape[0]!;
    const sizes = tf.unsortedSegmentSum(tf.ones([x.shape[0]!, 1]), labels as Tensor1D, count);
    const means = tf.mul(
      tf.unsortedSegmentSum(x, labels as Tensor1D, count),
      tf.div(1, tf.maximum(sizes, 1)),
    );
    place = tf.where(tf.greater(sizes, 0), means, place);
    if (sizes.dataSync().includes(0)) return result(place);
  }
};

/** Returns for each row the first centroid with the largest x . c - |c|^2 / 2. */
function nearest(x: Tensor, centroids: Tensor): { labels: Tensor; scores: Tensor } {
  const halves = tf.mul(tf.sum(tf.square(centroids), 1), 0.5);
  const scores = tf.sub(matMul(x, centroids, { transposeB: true }), halves);
  return { labels: tf.argMax(scores, 1), scores: tf.max(scores, 1) };
}

function same(a: Tensor, b: Tensor): boolean {
  return tf.all(tf.equal(a, b)).dataSync()[0] === 1;
}
