import { describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { frozenMatMul, packFrozen } from './frozen-matmul.ts';
import { hasFrozenMatMul } from './native-kernels.ts';
import { processorHasBfloat16 } from './processor.ts';
import { type Tensor, tf } from './tensorflow.ts';

// Probably more threads than cores, so that threads share rows and columns. The kernels read it at their
// first call.
vi.hoisted(() => {
  process.env.TF_NUM_INTRAOP_THREADS = '3';
});

const random = seededRandom(11);

function uniform(count: number): Float32Array {
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** Returns the nearest bfloat16, ties to even; subnormal numbers become 0. */
function bfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  if ((bits & 0x7f800000) === 0) return 0;
  const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(Uint32Array.of(rounded >>> 0).buffer)[0]!;
}

/**
 * Returns x [rows, inner] times w [inner, columns] in float64 from bfloat16 factors, and the same for
 * absolute values.
 */
function reference(
  x: Float32Array,
  w: Float32Array,
  [rows, inner, columns]: Shape,
): { sums: Float64Array; sizes: Float64Array } {
  const a = x.map(bfloat16);
  const b = w.map(bfloat16);
  const sums = new Float64Array(rows * columns);
  const sizes = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < inner; k++)
      for (let c = 0; c < columns; c++) {
        const product = a[r * inner + k]! * b[k * columns + c]!;
        sums[r * columns + c]! += product;
        sizes[r * columns + c]! += Math.abs(product);
      }
  return { sums, sizes };
}

type Shape = [rows: number, inner: number, columns: number];

const multiply = (x: Float32Array, w: Tensor, [rows, inner]: Shape, transposed = false) => {
  const packed = packFrozen(w, { transposed });
  const y = frozenMatMul(tf.tensor2d(x, [rows, inner]), packed);
  expect(y.shape).toEqual([rows, packed.columns]);
  return y.dataSync() as Float32Array;
};

// Sizes around those of pairs, vectors, panels and blocks. The last ones have several blocks of rows and of
// pairs.
const shapes: Shape[] = [
  [1, 1, 1],
  [1, 2, 64],
  [2, 3, 5],
  [7, 31, 63],
  [5, 33, 65],
  [13, 64, 130],
  [6, 577, 17],
  [97, 100, 129],
  [200, 1025, 70],
  [3, 2100, 200],
];

describe.runIf(hasFrozenMatMul())('products with a packed matrix', () => {
  test.each(shapes)('%i x %i x %i equal those of bfloat16 factors in float64', (...shape) => {
    const [rows, inner, columns] = shape;
    const x = uniform(rows * inner);
    const w = uniform(inner * columns);
    const { sums, sizes } = reference(x, w, shape);
    const matrix = tf.tensor2d(w, [inner, columns]);
    for (const y of [multiply(x, matrix, shape), multiply(x, tf.transpose(matrix), shape, true)])
      y.forEach((value, i) => {
        expect(Math.abs(value - sums[i]!)).toBeLessThanOrEqual(1e-6 * sizes[i]!);
      });
  });

  test('a row has the same bits alone and at any place in any batch', () => {
    const [inner, columns] = [1301, 333];
    const x = uniform(211 * inner);
    const packed = packFrozen(tf.tensor2d(uniform(inner * columns), [inner, columns]), { transposed: false });
    const product = (from: number, rows: number) => {
      const own = x.slice(from * inner, (from + rows) * inner);
      return frozenMatMul(tf.tensor2d(own, [rows, inner]), packed).dataSync() as Float32Array;
    };
    const all = product(0, 211);
    for (const [from, rows] of [...Array(30).keys()].map((i) => [i * 7, (i % 8) + 1] as const))
      expect(product(from, rows)).toEqual(all.slice(from * columns, (from + rows) * columns));
    expect(product(3, 140)).toEqual(all.slice(3 * columns, 143 * columns));
    // The neighbours of the row may be anything.
    const strange = x.map((value, i) => (Math.floor(i / inner) === 5 ? value : Number.NaN));
    const beside = frozenMatMul(tf.tensor2d(strange, [211, inner]), packed).dataSync() as Float32Array;
    expect(beside.slice(5 * columns, 6 * columns)).toEqual(all.slice(5 * columns, 6 * columns));
  });

  test('NaN and infinity pass through, in rows and in the matrix', () => {
    const shape: Shape = [9, 37, 70];
    const [rows, inner, columns] = shape;
    const plain = uniform(rows * inner);
    const w = uniform(inner * columns);
    const matrix = tf.tensor2d(w, [inner, columns]);
    const expected = multiply(plain, matrix, shape);
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3.4e38]) {
      const y = multiply(
        plain.map((value, i) => (i === 4 * inner + 36 ? odd : value)),
        matrix,
        shape,
      );
      for (let r = 0; r < rows; r++) {
        const row = y.slice(r * columns, (r + 1) * columns);
        if (r === 4) expect(row.some((value) => Number.isFinite(value))).toBe(false);
        else expect(row).toEqual(expected.slice(r * columns, (r + 1) * columns));
      }
      const strange = w.map((value, i) => (i === 36 * columns + 69 ? odd : value));
      const column = multiply(plain, tf.tensor2d(strange, [inner, columns]), shape);
      column.forEach((value, i) => {
        expect(Number.isFinite(value)).toBe(i % columns !== 69);
      });
    }
  });

  test('subnormal numbers count as 0, and the smallest normal ones do not', () => {
    const tiny = 2 ** -127;
    const least = 2 ** -126;
    const product = (a: number, b: number) =>
      multiply(Float32Array.of(a), tf.tensor2d([b], [1, 1]), [1, 1, 1])[0];
    expect(product(tiny, 2 ** 60)).toBe(0);
    expect(product(2 ** 60, tiny)).toBe(0);
    expect(product(least, 2 ** 60)).toBe(2 ** -66);
    expect(product(2 ** 60, least)).toBe(2 ** -66);
  });

  test('rounds to the nearest, ties to even', () => {
    const product = (a: number, b: number) =>
      multiply(Float32Array.of(a), tf.tensor2d([b], [1, 1]), [1, 1, 1])[0];
    for (const value of [1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -1 - 2 ** -9, 1e-30, 3e38])
      expect([product(value, 1), product(1, value)]).toEqual([bfloat16(value), bfloat16(value)]);
  });

  test('no rows give no rows, and a matrix with a wrong shape is refused', () => {
    const packed = packFrozen(tf.ones([4, 3]), { transposed: false });
    expect(frozenMatMul(tf.zeros([0, 4]), packed).shape).toEqual([0, 3]);
    expect(() => frozenMatMul(tf.ones([2, 6]), packed)).toThrow('packed matrix');
    expect(() => frozenMatMul(tf.ones([2, 4]), { ...packed, columns: 100 })).toThrow('packed matrix');
  });
});

test('DPSYNTH_BFLOAT16=off hides the instruction', () => {
  expect(processorHasBfloat16({ DPSYNTH_BFLOAT16: 'off' })).toBe(false);
  expect(hasFrozenMatMul()).toBe(processorHasBfloat16());
});
