import { matMul, softmax } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';

/** Rows of logits at a time: [256, 49152] float32 is 50 MB, and small enough to stay near the processor. */
const CHUNK_ROWS = 256;

/**
 * Loss of each target token and its gradient by the hidden state, in one pass, so that logits of the whole batch
 * never exist. `hidden` [positions, width] is normed; `output` is [vocabulary, width].
 *
 * The gradient needs no one-hot matrix: (softmax - onehot) E = softmax E - E[target].
 */
export function outputLoss(params: {
  hidden: Tensor;
  output: Tensor;
  targets: Int32Array;
  withGradient: boolean;
}): { nll: Float32Array; dHidden: Tensor | null } {
  const { hidden, output, targets, withGradient } = params;
  const positions = targets.length;
  const nll = new Float32Array(positions);
  const parts: Tensor[] = [];
  for (let from = 0; from < positions; from += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, positions - from);
    const ids = targets.subarray(from, from + rows);
    const [loss, gradient] = tf.tidy((): Tensor[] => {
      const chunk = tf.slice(hidden, [from, 0], [rows, hidden.shape[1]!]);
      const logits = matMul(chunk, output, { transposeB: true });
      const chosen = tf.tensor1d(ids, 'int32');
      const targetRows = tf.gather(output, chosen);
      const targetLogits = tf.sum(tf.mul(chunk, targetRows), 1);
      const highest = tf.max(logits, 1, true);
      const shifted = tf.sub(logits, highest);
      const total = tf.sum(tf.exp(shifted), 1);
      const loss = tf.sub(tf.add(tf.log(total), tf.squeeze(highest, [1])), targetLogits);
      return withGradient ? [loss, tf.sub(matMul(softmax(logits), output), targetRows)] : [loss];
    });
    nll.set(loss.dataSync() as Float32Array, from);
    loss.dispose();
    if (withGradient) parts.push(gradient);
  }
  if (!withGradient) return { nll, dHidden: null };
  const dHidden = parts.length === 1 ? parts[0] : tf.concat(parts, 0);
  if (parts.length > 1) tf.dispose(parts);
  return { nll, dHidden };
}
