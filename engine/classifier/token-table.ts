import { type Tensor2D, tf } from '../tensor/tensorflow.ts';
import { PADDING, type TextEncoder } from './text-encoder.ts';

/** How token ids become rows of an embedding table. The last row of a table is all zeros: padding, unknown tokens. */
export type TokenTable = {
  /** [vocabulary] Row of each token id. */
  rowOf: Int32Array;
  rows: number;
  dims: number;
  /** [rows + 1, dims], shared by all classifiers and never trained; null: each classifier trains its own. */
  frozen: Tensor2D | null;
};

/** Coordinates of about this size suit the initial scale of the layers above. */
const FROZEN_SCALE = 0.5;

/** Random tables are narrow: they are trained from the classifier's own texts alone. */
const TRAINED_DIMS = 128;

/** The public model's embeddings, every row scaled to one length: rare tokens are else several times longer. */
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
  return {
    rowOf: Int32Array.from({ length: rows }, (_, i) => i),
    rows,
    dims,
    frozen: tf.tensor2d(table, [rows + 1, dims]),
  };
}

/** A table to be trained, with rows for the tokens of the training texts only: others would keep random values. */
export function trainedTable(params: { encoder: TextEncoder; ids: Int32Array }): TokenTable {
  const { encoder, ids } = params;
  const tokens = [...new Set(ids)].filter((id) => id !== PADDING).sort((a, b) => a - b);
  const rowOf = new Int32Array(encoder.vocabularySize).fill(tokens.length);
  for (const [row, token] of tokens.entries()) rowOf[token] = row;
  return { rowOf, rows: tokens.length, dims: TRAINED_DIMS, frozen: null };
}

export function tableRow(table: TokenTable, token: number): number {
  return token === PADDING ? table.rows : table.rowOf[token];
}
