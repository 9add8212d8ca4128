import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { WordCnnShape, WordCnnTensors } from './word-cnn-layout.ts';

/** A micro-batch of texts as rows of the embedding table, padded to the longest text. */
export type TokenRows = {
  /** [records * tokens] */
  rows: Int32Array;
  records: number;
  tokens: number;
  /** The row of padding and unknown tokens. */
  padding: number;
};

/** The tensors of a forward pass that its gradients need. */
export type WordCnnPass = {
  /** [records * tokens, dims] Rows of the table. */
  looked: Tensor;
  /** [records, tokens, 1] 1 for tokens, 0 for padding. */
  isToken: Tensor;
  /** One for each width. */
  convolutions: ConvolutionPass[];
  /** [records, widths * filters] After dropout. */
  features: Tensor;
  /** [records, classes] */
  logits: Tensor;
};

export type ConvolutionPass = {
  /** [records * tokens, width * dims] */
  windows: Tensor;
  /** [records, tokens, filters] After ReLU; 0 for windows that begin at padding. */
  active: Tensor;
  /** [records, filters] */
  pooled: Tensor;
};

/**
 * Runs the network of Kim 2014 (arXiv 1408.5882) forward: convolutions of several widths, ReLU, pooling over
 * time, dropout and a linear map. A window begins at every token and reads zeros after the end of its text,
 * so no result depends on the padding. `dropped` [records, widths * filters] scales the pooled features
 * during training. Call inside tf.tidy.
 */
export function wordCnnForward(params: {
  tensors: WordCnnTensors;
  config: WordCnnShape;
  batch: TokenRows;
  dropped?: Tensor;
}): WordCnnPass {
  const { tensors, config, batch, dropped } = params;
  const { rows, records, tokens, padding } = batch;
  const at = tf.tensor1d(rows, 'int32');
  const looked = tf.gather(tensors.table, at);
  const isToken = tf.reshape(tf.cast(tf.notEqual(at, padding), 'float32'), [records, tokens, 1]);
  const projected = tensors.projection === null ? looked : matMul(looked, tensors.projection);
  const embedded = tf.reshape(projected, [records, tokens, -1]);
  const convolutions = tensors.convolutions.map(({ width, kernel, bias }) => {
    const windows = windowsOf(embedded, width);
    const raw = tf.relu(tf.add(matMul(windows, kernel), bias));
    const active = tf.mul(tf.reshape(raw, [records, tokens, -1]), isToken);
    const pooled =
      config.pooling === 'max' ? tf.max(active, 1) : tf.div(tf.sum(active, 1), tokenCounts(isToken));
    return { windows, active, pooled };
  });
  const joined = tf.concat(
    convolutions.map(({ pooled }) => pooled),
    1,
  );
  const features = dropped === undefined ? joined : tf.mul(joined, dropped);
  const logits = tf.add(matMul(features, tensors.output), tensors.outputBias);
  return { looked, isToken, convolutions, features, logits };
}

/** Returns the number of tokens of each record, at least 1: [records, 1]. */
export function tokenCounts(isToken: Tensor): Tensor {
  return tf.maximum(tf.sum(isToken, 1), 1);
}

/**
 * Concatenates the `width` tokens of every window: [records, tokens, dims] -> [records * tokens, width *
 * dims].
 */
function windowsOf(embedded: Tensor, width: number): Tensor {
  const [records, tokens, dims] = embedded.shape as [number, number, number];
  const padded = tf.pad(embedded, [
    [0, 0],
    [0, width - 1],
    [0, 0],
  ]);
  const shifted = Array.from({ length: width }, (_, i) =>
    tf.slice(padded, [0, i, 0], [records, tokens, dims]),
  );
  return tf.reshape(tf.concat(shifted, 2), [records * tokens, width * dims]);
}

/**
 * Applies the transpose of `windowsOf`: sums for each token the gradients of the windows that contain it,
 * [records * tokens, dims].
 */
export function tokensOfWindows(dWindows: Tensor, params: { records: number; width: number }): Tensor {
  const { records, width } = params;
  const dims = dWindows.shape[1]! / width;
  const tokens = dWindows.shape[0]! / records;
  const byRecord = tf.reshape(dWindows, [records, tokens, width * dims]);
  const parts = Array.from({ length: Math.min(width, tokens) }, (_, i) =>
    tf.pad(tf.slice(byRecord, [0, 0, i * dims], [records, tokens - i, dims]), [
      [0, 0],
      [i, 0],
      [0, 0],
    ]),
  );
  return tf.reshape(tf.addN(parts), [records * tokens, dims]);
}
