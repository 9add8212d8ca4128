import type { ClassifierConfig } from '../../schemas/experiment.ts';
import type { SeededRandom } from '../data/seeded-random.ts';
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../tensor/tensorflow.ts';
import type { TokenTable } from './token-table.ts';

type Variable = ReturnType<typeof tf.variable>;

/** The trainable parameters of one WordCNN, by name. */
export type WordCnnLayers = {
  embedding: Variable;
  convolutions: { kernel: Variable; bias: Variable }[];
  dense: Variable;
  denseBias: Variable;
};

/** Frozen embeddings go through a trained linear map to so many dimensions before the convolutions: a third of the cost. */
const PROJECTED_DIMS = 128;

/** Glorot-uniform weights (2010) and zero biases, the same for the same random numbers. */
export function createLayers(params: {
  table: TokenTable;
  config: ClassifierConfig;
  classes: number;
  random: SeededRandom;
}): WordCnnLayers {
  const { table, config, classes, random } = params;
  const { widths, filters } = config;
  const weights = (shape: number[], inputs: number, outputs: number) => {
    const limit = Math.sqrt(6 / (inputs + outputs));
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      () => (2 * random() - 1) * limit,
    );
    return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  };
  const zeros = (length: number) => tf.tidy(() => tf.variable(tf.zeros([length])));
  const dims = table.frozen === null ? table.dims : PROJECTED_DIMS;
  const features = widths.length * filters;
  return {
    embedding:
      table.frozen === null
        ? weights([table.rows, dims], 3, 3)
        : weights([table.dims, dims], table.dims, dims),
    convolutions: widths.map((width) => ({
      kernel: weights([width, dims, filters], width * dims, filters),
      bias: zeros(filters),
    })),
    dense: weights([features, classes], features, classes),
    denseBias: zeros(classes),
  };
}

export function variablesOf(layers: WordCnnLayers): Variable[] {
  const { embedding, convolutions, dense, denseBias } = layers;
  return [embedding, ...convolutions.flatMap(({ kernel, bias }) => [kernel, bias]), dense, denseBias];
}

/**
 * Logits [batch, classes] of table rows [batch, maxTokens] (int32). Kim 2014 (arXiv 1408.5882): convolutions of several
 * widths, ReLU, pooling over time, dropout, dense. Windows that begin after the end of the text count for nothing.
 * `dropped` [batch, features] scales the pooled features while training.
 */
export function wordCnnLogits(params: {
  layers: WordCnnLayers;
  table: TokenTable;
  config: ClassifierConfig;
  rows: Tensor2D;
  dropped?: Tensor;
}): Tensor2D {
  const { layers, table, config, rows, dropped } = params;
  const embedded = embed(layers, table, rows);
  const isToken = tf.cast(tf.notEqual(rows, table.rows), 'float32');
  const pooled = layers.convolutions.map(({ kernel, bias }) => {
    const windows = tf.relu(tf.add(tf.conv1d(embedded, kernel as unknown as Tensor3D, 1, 'valid'), bias));
    const [batch, length] = windows.shape;
    const counts = tf.slice(isToken, [0, 0], [batch, length]);
    const counted = tf.mul(windows, tf.expandDims(counts, 2));
    if (config.pooling === 'max') return tf.max(counted, 1);
    return tf.div(tf.sum(counted, 1), tf.maximum(tf.sum(counts, 1, true), 1));
  });
  const features = tf.concat(pooled, 1);
  const kept = dropped === undefined ? features : tf.mul(features, dropped);
  return tf.add(tf.matMul(kept as Tensor2D, layers.dense as unknown as Tensor2D), layers.denseBias);
}

function embed(layers: WordCnnLayers, table: TokenTable, rows: Tensor2D): Tensor3D {
  const [batch, tokens] = rows.shape;
  if (table.frozen === null) {
    const withPadding = tf.concat([layers.embedding as unknown as Tensor2D, tf.zeros([1, table.dims])], 0);
    return tf.gather(withPadding, rows) as unknown as Tensor3D;
  }
  const flat = tf.gather(table.frozen, tf.reshape(rows, [batch * tokens]));
  const projected = tf.matMul(flat as Tensor2D, layers.embedding as unknown as Tensor2D);
  return tf.reshape(projected, [batch, tokens, PROJECTED_DIMS]);
}
