import { matMul } from '../../engine/tensor/ops.ts';
import { tf } from '../../engine/tensor/tensorflow.ts';
import { giveResult, readTask } from './task.ts';

/** Measures float32 products of square matrices with TensorFlow: the best rate of each size, in FLOP/s. */
const { sizes, repeats } = readTask<{ sizes: number[]; repeats: number }>();
const flopsPerSecond = sizes.map((size) => {
  const a = tf.randomUniform([size, size]);
  const b = tf.randomUniform([size, size]);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    const c = matMul(a, b);
    c.dataSync();
    best = Math.min(best, performance.now() - started);
    c.dispose();
  }
  tf.dispose([a, b]);
  return (2 * size ** 3) / (best / 1000);
});
giveResult({ flopsPerSecond });
