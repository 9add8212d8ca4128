import { matMul } from '../../tensor/ops.ts';
import { type Tensor, tf } from '../../tensor/tensorflow.ts';
import type { ParameterTensor } from '../parameter-layout.ts';
import type { RecordGradients } from './method.ts';

/**
 * Returns the record gradients of a method with few parameters, which holds each gradient in full.
 * `gradients` [records, ...], one per parameter tensor, are freed by the result.
 */
export function dense(params: {
  losses: Float32Array;
  gradients: readonly Tensor[];
  parameters: readonly ParameterTensor[];
  groupOf: readonly number[];
  groups: number;
}): RecordGradients {
  const { losses, gradients, parameters, groupOf, groups } = params;
  const records = losses.length;
  const flat = gradients.map((gradient) => tf.keep(tf.reshape(gradient, [records, -1])));
  tf.dispose(gradients as Tensor[]);
  const squares = tf.tidy(() => {
    const byTensor = flat.map((gradient) => tf.sum(tf.square(gradient), 1));
    const byGroup = Array.from({ length: groups }, (_, group) =>
      tf.addN(byTensor.filter((_, i) => groupOf[i] === group)),
    );
    return tf.stack(byGroup, 1);
  });
  const squaredNorms = squares.dataSync() as Float32Array;
  squares.dispose();
  return {
    losses,
    squaredNorms,
    sum(factors) {
      return tf.tidy(() => {
        const finite = factors.every((_, i) => Number.isFinite(squaredNorms[i]));
        const rows = Array.from({ length: groups }, (_, group) =>
          tf.tensor2d(
            factors.filter((_, i) => i % groups === group),
            [1, records],
          ),
        );
        return flat.map((gradient, i) => {
          // 0 * NaN is NaN, so such rows are set to zero before the product.
          const usable = finite
            ? gradient
            : tf.where(tf.isFinite(gradient), gradient, tf.zerosLike(gradient));
          return tf.reshape(matMul(rows[groupOf[i]], usable), [...parameters[i].shape]);
        });
      });
    },
    dispose: () => tf.dispose(flat),
  };
}

/** Returns the gradients of records without any target token. */
export function zeroGradients(params: {
  records: number;
  parameters: readonly ParameterTensor[];
  groups: number;
}): RecordGradients {
  const { records, parameters, groups } = params;
  return {
    losses: new Float32Array(records),
    squaredNorms: new Float32Array(records * groups),
    sum: () => parameters.map(({ shape }) => tf.zeros([...shape])),
    dispose: () => {},
  };
}
