import { type Tensor2D, tf } from '../tensor/tensorflow.ts';

/**
 * How token ids map to rows of an embedding table. The last row is all zeros, for padding and unknown tokens.
 */
export type TokenTable = {
  /** [vocabulary] Row of each token id; `rows` for an unknown token. */
  rowOf: Int32Array;
  rows: number;
  dims: number;
  /**
   * [rows + 1, dims], shared by all classifiers and never trained; null if each classifier trains its own
   * table.
   */
  frozen: Tensor2D | null;
};

/** Coordinates of about this size fit the initial scale of the layers above. */
const FROZEN_SCALE = 0.5;

/** Random tables are narrow because they are trained only on the classifier's own texts. */
const TRAINED_DIMS = 128;

/**
 * Returns the public model's embeddings with all rows scaled to the same length; rare tokens would otherwise
 * be several times longer.
 */
export function frozenTable(embeddings: { values: Float32Array; dims: number }): TokenTable {
  const { values, dims } = embeddings;
  const rows = values.length / dims;
  const table = new Float32Array((rows + 1) * dims);
  for (let row = 0; row < rows; row++) {
    const start = row * dims;
    let square = 0;
    for (let i = start; i < start + dims; i++) square += values[i] * values[i];
    const scale = square === 0 ? 0 : (FROZEN_SCALE * Math.sqrt(dims)) / Math.sqrt(square);
    for (let i = start; i < start + dims; i++) table[i] = values[i] * scale;
  }
  return { rowOf: everyToken(rows), rows, dims, frozen: tf.tensor2d(table, [rows + 1, dims]) };
}

/**
 * Returns a trainable table. With `tokens`, the tokens of the training texts, it has rows only for these,
 * because other rows would keep random values. Omit `tokens` under DP: which tokens occur in private texts is
 * private, so every token gets a row.
 */
export function trainedTable(params: { vocabularySize: number; tokens?: Iterable<number> }): TokenTable {
  const { vocabularySize, tokens } = params;
  const shape = { dims: TRAINED_DIMS, frozen: null };
  if (tokens === undefined) return { rowOf: everyToken(vocabularySize), rows: vocabularySize, ...shape };
  const known = [...new Set(tokens)].sort((a, b) => a - b);
  const rowOf = new Int32Array(vocabularySize).fill(known.length);
  for (const [row, token] of known.entries()) rowOf[token] = row;
  return { rowOf, rows: known.length, ...shape };
}

function everyToken(vocabulary: number): Int32Array {
  return Int32Array.from({ length: vocabulary }, (_, i) => i);
}
