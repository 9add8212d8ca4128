import type { ParameterTensor } from '../parameter-layout.ts';
import { assertLengths, type Optimizer, type OptimizerState, openState } from './optimizer.ts';

/** Keeps the second moment above zero for coordinates without gradient: epsilon_1 of the paper. */
const SQUARE_FLOOR = 1e-30;
/** Limit for the root mean square of an update, per tensor: d of the paper. */
const CLIP_THRESHOLD = 1;
const DECAY_EXPONENT = -0.8;

/**
 * Returns Adafactor (Shazeer and Stern 2018, arXiv 1804.04235, algorithms 4 and 5). It keeps the second
 * moment of a matrix as row sums and column sums: rows + columns numbers instead of rows * columns. It has no
 * momentum, second-moment decay 1 - t^-0.8 and update clipping at 1. The learning rate comes from the
 * schedule, without relative steps or scaling by the parameters' size.
 */
export function adafactor(layout: readonly ParameterTensor[], resumed?: OptimizerState): Optimizer {
  const matrices = layout.filter(({ shape }) => shape.length === 2);
  const others = layout.filter(({ shape }) => shape.length !== 2);
  const total = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0);
  const parameters = total(layout.map(({ length }) => length));
  const state = openState(
    {
      rows: total(matrices.map(({ shape }) => shape[0])),
      columns: total(matrices.map(({ shape }) => shape[1])),
      square: total(others.map(({ length }) => length)),
    },
    resumed,
  );
  return {
    state,
    update(params) {
      assertLengths(params, parameters);
      state.step += 1;
      const decay = 1 - state.step ** DECAY_EXPONENT;
      let [row, column, other] = [0, 0, 0];
      for (const { shape, offset, length } of matrices) {
        const [height, width] = shape;
        const part = slice(params, offset, length);
        const rows = state.vectors.rows.subarray(row, row + height);
        const columns = state.vectors.columns.subarray(column, column + width);
        updateMatrix({ ...part, rows, columns, decay, learningRate: params.learningRate });
        row += height;
        column += width;
      }
      for (const { offset, length } of others) {
        const part = slice(params, offset, length);
        const square = state.vectors.square.subarray(other, other + length);
        updateVector({ ...part, square, decay, learningRate: params.learningRate });
        other += length;
      }
    },
  };
}

type Part = { values: Float32Array; gradient: Float32Array };

function slice(
  { parameters, gradient }: { parameters: Float32Array; gradient: Float32Array },
  offset: number,
  length: number,
): Part {
  return {
    values: parameters.subarray(offset, offset + length),
    gradient: gradient.subarray(offset, offset + length),
  };
}

/**
 * Updates a matrix. The second moment of entry (i, j) is rows[i] * columns[j] / sum of rows, where the sums
 * are moving averages of squares.
 */
function updateMatrix(
  params: Part & { rows: Float32Array; columns: Float32Array; decay: number; learningRate: number },
): void {
  const { values, gradient, rows, columns, decay, learningRate } = params;
  const [height, width] = [rows.length, columns.length];
  const columnSums = new Float64Array(width);
  let sumOfRows = 0;
  for (let i = 0, k = 0; i < height; i += 1) {
    let rowSum = 0;
    for (let j = 0; j < width; j += 1, k += 1) {
      const square = gradient[k] * gradient[k] + SQUARE_FLOOR;
      rowSum += square;
      columnSums[j] += square;
    }
    rows[i] = decay * rows[i] + (1 - decay) * rowSum;
    sumOfRows += rows[i];
  }
  const columnScale = new Float64Array(width);
  for (let j = 0; j < width; j += 1) {
    columns[j] = decay * columns[j] + (1 - decay) * columnSums[j];
    columnScale[j] = 1 / Math.sqrt(columns[j]);
  }
  let squares = 0;
  for (let i = 0, k = 0; i < height; i += 1) {
    const rowScale = Math.sqrt(sumOfRows / rows[i]);
    for (let j = 0; j < width; j += 1, k += 1) {
      const update = gradient[k] * rowScale * columnScale[j];
      squares += update * update;
    }
  }
  const rate = clippedRate(learningRate, squares, values.length);
  for (let i = 0, k = 0; i < height; i += 1) {
    const rowRate = rate * Math.sqrt(sumOfRows / rows[i]);
    for (let j = 0; j < width; j += 1, k += 1) values[k] -= gradient[k] * rowRate * columnScale[j];
  }
}

function updateVector(params: Part & { square: Float32Array; decay: number; learningRate: number }): void {
  const { values, gradient, square, decay, learningRate } = params;
  let squares = 0;
  for (let k = 0; k < square.length; k += 1) {
    const squared = gradient[k] * gradient[k];
    square[k] = decay * square[k] + (1 - decay) * (squared + SQUARE_FLOOR);
    squares += squared / square[k];
  }
  const rate = clippedRate(learningRate, squares, values.length);
  for (let k = 0; k < square.length; k += 1) values[k] -= (rate * gradient[k]) / Math.sqrt(square[k]);
}

/** Returns the learning rate divided by max(1, root mean square of the update / threshold). */
function clippedRate(learningRate: number, squares: number, length: number): number {
  return learningRate / Math.max(1, Math.sqrt(squares / length) / CLIP_THRESHOLD);
}
