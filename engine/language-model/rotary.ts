import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';

/**
 * Rotary position embedding (RoFormer, arXiv 2104.09864) in the half-split form: element i of a head turns with
 * element i + headWidth/2. Turning is a product with a constant matrix: one kernel instead of slice, negate, concat.
 */
export type Rotary = {
  /** [1, tokens * headWidth] */
  cosine: Tensor;
  sine: Tensor;
  /** [headWidth, headWidth], a quarter turn of each pair */
  quarterTurn: Tensor;
  headWidth: number;
};

export function createRotary(params: {
  headWidth: number;
  base: number;
  from: number;
  tokens: number;
}): Rotary {
  const { headWidth, base, from, tokens } = params;
  const half = headWidth / 2;
  const cosine = new Float32Array(tokens * headWidth);
  const sine = new Float32Array(tokens * headWidth);
  for (let t = 0; t < tokens; t++)
    for (let i = 0; i < headWidth; i++) {
      const angle = (from + t) * base ** (-(2 * (i % half)) / headWidth);
      cosine[t * headWidth + i] = Math.cos(angle);
      sine[t * headWidth + i] = Math.sin(angle);
    }
  const turn = new Float32Array(headWidth * headWidth);
  for (let i = 0; i < half; i++) {
    turn[(i + half) * headWidth + i] = -1;
    turn[i * headWidth + i + half] = 1;
  }
  return {
    cosine: tf.tensor2d(cosine, [1, tokens * headWidth]),
    sine: tf.tensor2d(sine, [1, tokens * headWidth]),
    quarterTurn: tf.tensor2d(turn, [headWidth, headWidth]),
    headWidth,
  };
}

/** Turns x [rows, tokens, headWidth], where a row is one head of one record. */
export function rotate(x: Tensor, rotary: Rotary): Tensor {
  const [rows, tokens, width] = x.shape;
  const flat = tf.reshape(x, [rows, tokens * width]);
  const turned = tf.reshape(matMul(tf.reshape(x, [rows * tokens, width]), rotary.quarterTurn), flat.shape);
  return tf.reshape(tf.add(tf.mul(flat, rotary.cosine), tf.mul(turned, rotary.sine)), x.shape);
}

/** Gradient of `rotate` by x: the turn backwards. */
export function rotateBackward(dy: Tensor, rotary: Rotary): Tensor {
  const [rows, tokens, width] = dy.shape;
  const flat = tf.reshape(dy, [rows, tokens * width]);
  const turned = matMul(tf.reshape(tf.mul(flat, rotary.sine), [rows * tokens, width]), rotary.quarterTurn, {
    transposeB: true,
  });
  return tf.reshape(tf.add(tf.mul(flat, rotary.cosine), tf.reshape(turned, flat.shape)), dy.shape);
}
