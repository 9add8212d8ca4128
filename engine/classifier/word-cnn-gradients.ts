import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { inputGradient } from '../training/methods/ghost/embedding.ts';
import { type GhostGradient, rowsGradient, smallGradient } from '../training/methods/ghost/ghost-gradient.ts';
import { linearGradient, sumOfProducts } from '../training/methods/ghost/linear.ts';
import { ofGhosts } from '../training/methods/ghost/of-ghosts.ts';
import type { RecordGradients } from '../training/methods/method.ts';
import { classLoss } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import type { ClassifierLayout } from './layout.ts';
import {
  type ConvolutionPass,
  type TokenRows,
  tokenCounts,
  tokensOfWindows,
  type WordCnnPass,
  wordCnnForward,
} from './word-cnn-forward.ts';
import type { WordCnnShape, WordCnnTensors } from './word-cnn-layout.ts';

/**
 * Returns the gradients of each record for a WordCNN. A convolution is a linear map of windows, so its norms
 * are ghost norms, like those of the projection and the output. No record's gradient is ever held in full.
 */
export function wordCnnGradients(params: {
  tensors: WordCnnTensors;
  config: WordCnnShape;
  layout: ClassifierLayout;
  batch: TokenRows;
  records: readonly ClassifierRecord[];
  dropped?: Tensor;
}): RecordGradients {
  const { tensors, config, layout, batch, records, dropped } = params;
  const ghosts: GhostGradient[] = [];
  let losses = new Float32Array(0);
  tf.tidy(() => {
    const pass = wordCnnForward({ tensors, config, batch, dropped });
    const ofLoss = classLoss(pass.logits, records);
    losses = Float32Array.from(ofLoss.losses);
    const { dLogits } = ofLoss;
    const dFeatures = matMul(dLogits, tensors.output, { transposeB: true });
    const dPooled = tf.split(
      dropped === undefined ? dFeatures : tf.mul(dFeatures, dropped),
      config.widths.length,
      1,
    );
    const dEmbedded: Tensor[] = [];
    const ofConvolutions = tensors.convolutions.flatMap(({ width, kernel }, i) => {
      const own = pass.convolutions[i];
      const dWindows = poolingGradient({ pooling: config.pooling, pass, own, dPooled: dPooled[i] });
      const dInput = matMul(dWindows, kernel, { transposeB: true });
      dEmbedded.push(tokensOfWindows(dInput, { records: records.length, width }));
      return [
        kernelGhost({ pooling: config.pooling, own, dWindows, records: records.length }),
        rowsGradient(dWindows, records.length),
      ];
    });
    ghosts.push(
      embeddingGhost({ tensors, batch, pass, dEmbedded: tf.addN(dEmbedded) }),
      ...ofConvolutions,
      linearGradient(pass.features, dLogits, records.length),
      smallGradient(dLogits),
    );
  });
  return ofGhosts({ losses, ghosts, layout });
}

/**
 * Returns the gradient of a kernel, a linear map of windows. With max pooling, each filter gets its gradient
 * from one window per record. The squared norm is then a sum, over the windows, of products of two squared
 * norms: 1% of the work of Gram matrices.
 */
function kernelGhost(params: {
  pooling: WordCnnShape['pooling'];
  own: ConvolutionPass;
  dWindows: Tensor;
  records: number;
}): GhostGradient {
  const { pooling, own, dWindows, records } = params;
  if (pooling === 'mean') return linearGradient(own.windows, dWindows, records);
  const squares = (rows: Tensor) => tf.sum(tf.square(rows), 1);
  const byWindow = tf.mul(squares(own.windows), squares(dWindows));
  const squaredNorm = tf.sum(tf.reshape(byWindow, [records, -1]), 1);
  return sumOfProducts({ x: own.windows, dy: dWindows, squaredNorm });
}

/**
 * Returns the gradient with respect to a convolution's output before ReLU, [records * tokens, filters], from
 * the gradient of its pooled features.
 */
function poolingGradient(params: {
  pooling: WordCnnShape['pooling'];
  pass: WordCnnPass;
  own: ConvolutionPass;
  dPooled: Tensor;
}): Tensor {
  const { pooling, pass, own, dPooled } = params;
  const [records, tokens, filters] = own.active.shape as [number, number, number];
  const isOn = tf.cast(tf.greater(own.active, 0), 'float32');
  const share =
    pooling === 'max'
      ? // The first of equal windows gets the whole gradient, since a text may repeat itself.
        tf.transpose(tf.oneHot(tf.cast(tf.argMax(own.active, 1), 'int32'), tokens), [0, 2, 1])
      : tf.div(1, tf.expandDims(tokenCounts(pass.isToken), 1));
  const gradient = tf.mul(tf.mul(isOn, share), tf.reshape(dPooled, [records, 1, filters]));
  return tf.reshape(gradient, [records * tokens, filters]);
}

/**
 * Returns the gradient of the projection in front of a frozen table, or of the table itself without its
 * padding row.
 */
function embeddingGhost(params: {
  tensors: WordCnnTensors;
  batch: TokenRows;
  pass: WordCnnPass;
  dEmbedded: Tensor;
}): GhostGradient {
  const { tensors, batch, pass, dEmbedded } = params;
  const { rows, records, padding } = batch;
  if (tensors.projection !== null) return linearGradient(pass.looked, dEmbedded, records);
  const dTokens = tf.mul(dEmbedded, tf.reshape(pass.isToken, [-1, 1]));
  const ghost = inputGradient({ ids: rows, dx: dTokens, records, vocabulary: padding + 1 });
  return {
    ...ghost,
    sum: (factors) => tf.slice(ghost.sum(factors), [0, 0], [padding, dTokens.shape[1]!]),
  };
}
