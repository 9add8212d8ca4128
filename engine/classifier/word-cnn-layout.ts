import type { WordCnnConfig } from '../../schemas/settings/classifier.ts';
import { seededRandom } from '../data/seeded-random.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type ClassifierLayout, countOf, layoutOf } from './layout.ts';
import type { TokenTable } from './token-table.ts';

/** The settings that determine the shape of a WordCNN. */
export type WordCnnShape = Pick<WordCnnConfig, 'widths' | 'filters' | 'pooling'>;

/**
 * A trained linear map reduces frozen embeddings to this many dimensions before the convolutions, at a third
 * of the cost.
 */
const PROJECTED_DIMS = 128;

/**
 * Returns the layout of the trained tensors: embedding or projection, kernel and bias of each width, output
 * and its bias.
 */
export function wordCnnLayout(params: {
  table: TokenTable;
  config: WordCnnShape;
  classes: number;
}): ClassifierLayout {
  const { table, config, classes } = params;
  const { widths, filters } = config;
  const frozen = table.frozen !== null;
  const dims = frozen ? PROJECTED_DIMS : table.dims;
  return layoutOf([
    frozen
      ? { name: 'projection', shape: [table.dims, dims], group: 0 }
      : { name: 'embedding', shape: [table.rows, dims], group: 0 },
    ...widths.flatMap((width) => [
      { name: `kernel ${width}`, shape: [width * dims, filters], group: 1 },
      { name: `bias ${width}`, shape: [filters], group: 1 },
    ]),
    { name: 'output', shape: [widths.length * filters, classes], group: 2 },
    { name: 'output bias', shape: [classes], group: 2 },
  ]);
}

/**
 * Returns Glorot-uniform weights (2010), embeddings uniform in [-1, 1] and zero biases. The same public seed
 * gives the same numbers.
 */
export function initialWordCnn(layout: ClassifierLayout, seed: number): Float32Array {
  const random = seededRandom(seed);
  const values = new Float32Array(countOf(layout));
  for (const { name, shape, offset, length } of layout.parameters) {
    if (shape.length === 1) continue;
    const limit = name === 'embedding' ? 1 : Math.sqrt(6 / (shape[0] + shape[1]));
    for (let i = offset; i < offset + length; i++) values[i] = (2 * random() - 1) * limit;
  }
  return values;
}

export type WordCnnTensors = {
  /** [rows + 1, dims] */
  table: Tensor;
  /** [dims, projected], only in front of a frozen table. */
  projection: Tensor | null;
  convolutions: { width: number; kernel: Tensor; bias: Tensor }[];
  output: Tensor;
  outputBias: Tensor;
  /** Frees everything except a frozen table. */
  dispose(): void;
};

export function wordCnnTensors(params: {
  table: TokenTable;
  config: WordCnnShape;
  layout: ClassifierLayout;
  values: Float32Array;
}): WordCnnTensors {
  const { table, config, layout, values } = params;
  const all = layout.parameters.map(({ shape, offset, length }) =>
    tf.tensor(values.subarray(offset, offset + length), [...shape]),
  );
  const [first, ...rest] = all;
  const [output, outputBias] = rest.slice(-2);
  const convolutions = config.widths.map((width, i) => ({
    width,
    kernel: rest[2 * i],
    bias: rest[2 * i + 1],
  }));
  const others = { convolutions, output, outputBias };
  if (table.frozen !== null)
    return { table: table.frozen, projection: first, ...others, dispose: () => tf.dispose(all) };
  const withPadding = tf.tidy(() => tf.concat([first, tf.zeros([1, table.dims])], 0));
  return {
    table: withPadding,
    projection: null,
    ...others,
    dispose: () => tf.dispose([withPadding, ...all]),
  };
}
