import { tf } from '../../../tensor/tensorflow.ts';
import type { RecordGradients } from '../method.ts';
import type { GhostGradient } from './ghost-gradient.ts';

/**
 * Returns the record gradients of a method that holds none in full: one ghost per parameter tensor, in order.
 * Frees the ghosts.
 */
export function ofGhosts(params: {
  losses: Float32Array;
  ghosts: readonly GhostGradient[];
  layout: { groupOf: readonly number[]; groups: number };
}): RecordGradients {
  const { losses, ghosts, layout } = params;
  const { groups, groupOf } = layout;
  const records = losses.length;
  const squares = tf.tidy(() => {
    const byGroup = Array.from({ length: groups }, (_, group) =>
      tf.addN(ghosts.filter((_, i) => groupOf[i] === group).map(({ squaredNorm }) => squaredNorm)),
    );
    // A negative sum is rounding, and its size bounds the true value. Minus infinity must not count as zero.
    return tf.abs(tf.stack(byGroup, 1));
  });
  const squaredNorms = squares.dataSync() as Float32Array;
  squares.dispose();
  const finite = squaredNorms.every(Number.isFinite);
  return {
    losses,
    squaredNorms,
    sum: (factors) =>
      ghosts.map((ghost, i) => {
        const own = Float32Array.from(
          { length: records },
          (_, record) => factors[record * groups + groupOf[i]],
        );
        return tf.tidy(() => ghost.sum({ factors: own, finite }));
      }),
    dispose() {
      for (const ghost of ghosts) ghost.dispose();
    },
  };
}
