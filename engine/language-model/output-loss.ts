import { frozenMatMul } from '../tensor/frozen-matmul.ts';
import { matMul, softmaxCrossEntropy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { LanguageModel } from './language-model.ts';
import { backwardOf } from './linear.ts';

/**
 * Rows of logits computed at a time: [256, 49152] float32 is 50 MB, small enough to stay in the processor's
 * cache.
 */
const CHUNK_ROWS = 256;

/**
 * Returns the loss of each target token and, if `weights` are given, the gradient of the weighted sum with
 * respect to the hidden state. One pass computes both, so logits of the whole batch never exist. `hidden`
 * [targets, width] is normed. With `chunks`, the numbers of rows per chunk, the gradients of the logits are
 * kept: one tensor per chunk, null for an empty chunk.
 */
export function outputLoss(params: {
  hidden: Tensor;
  model: OutputMatrix;
  targets: Int32Array;
  weights?: Float32Array;
  chunks?: readonly number[];
}): { nll: Float32Array; dHidden: Tensor | null; dLogits: (Tensor | null)[] | null } {
  const { hidden, model, targets, weights, chunks } = params;
  const width = hidden.shape[1]!;
  const nll = new Float32Array(targets.length);
  const byHidden: Tensor[] = [];
  const byLogits: (Tensor | null)[] = [];
  let from = 0;
  for (const rows of chunks ?? equalChunks(targets.length)) {
    if (rows === 0) {
      byLogits.push(null);
      continue;
    }
    const [loss, dHidden, dLogits] = tf.tidy((): Tensor[] => {
      const logits = outputLogits(tf.slice(hidden, [from, 0], [rows, width]), model);
      const own = targets.subarray(from, from + rows);
      const result = softmaxCrossEntropy(logits, own, weights !== undefined);
      if (weights === undefined) return [result.nll];
      const weight = tf.tensor2d(weights.subarray(from, from + rows), [rows, 1]);
      // The weights multiply the narrow side, unless the wide side is kept.
      if (!chunks) return [result.nll, tf.mul(throughOutput(result.dLogits!, model), weight)];
      const weighted = tf.mul(result.dLogits!, weight);
      return [result.nll, throughOutput(weighted, model), weighted];
    });
    nll.set(loss.dataSync() as Float32Array, from);
    loss.dispose();
    if (weights) byHidden.push(dHidden);
    if (chunks) byLogits.push(dLogits);
    from += rows;
  }
  if (!weights) return { nll, dHidden: null, dLogits: null };
  const dHidden = byHidden.length === 1 ? byHidden[0] : tf.concat(byHidden, 0);
  if (byHidden.length > 1) tf.dispose(byHidden);
  return { nll, dHidden, dLogits: chunks ? byLogits : null };
}

function equalChunks(rows: number): number[] {
  const whole = Array.from({ length: Math.floor(rows / CHUNK_ROWS) }, () => CHUNK_ROWS);
  return rows % CHUNK_ROWS === 0 ? whole : [...whole, rows % CHUNK_ROWS];
}

type OutputMatrix = Pick<LanguageModel, 'output' | 'frozenOutput'>;

/** Returns the logits [rows, vocabulary] of normed hidden states [rows, width]. */
export function outputLogits(hidden: Tensor, { output, frozenOutput }: OutputMatrix): Tensor {
  return frozenOutput
    ? frozenMatMul(hidden, frozenOutput.forward)
    : matMul(hidden, output, { transposeB: true });
}

/** Returns the gradient with respect to the normed hidden states. */
function throughOutput(dLogits: Tensor, { output, frozenOutput }: OutputMatrix): Tensor {
  return frozenOutput ? frozenMatMul(dLogits, backwardOf(frozenOutput)) : matMul(dLogits, output);
}
