import { composedLloyd } from './composed-lloyd.ts';
import type { CausalMask, FusedOps, HeadShape, RotaryTables } from './fused-ops.ts';
import { softmax } from './matrix-ops.ts';
import { type Tensor, tf } from './tensorflow.ts';

/**
 * The fused steps composed of TensorFlow's own kernels. They run on every device, and tests compare the
 * native kernels with them.
 */
export const composedOps: FusedOps = {
  rmsNorm(x, weight, epsilon) {
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon));
    return { y: tf.mul(tf.mul(x, inverse), weight), inverse };
  },

  rmsNormBackward({ dy, x, weight, inverse, residual }) {
    const g = tf.mul(dy, weight);
    const correction = tf.mul(tf.mean(tf.mul(g, x), 1, true), tf.square(inverse));
    const dx = tf.mul(inverse, tf.sub(g, tf.mul(x, correction)));
    return residual ? tf.add(dx, residual) : dx;
  },

  gatedActivation(gate, up, activation) {
    return tf.mul(activation === 'silu' ? tf.mul(gate, tf.sigmoid(gate)) : gelu(gate), up);
  },

  gatedActivationBackward({ dy, gate, up, activation }) {
    const { value, slope } = activation === 'silu' ? siluWithSlope(gate) : geluWithSlope(gate);
    return { dGate: tf.mul(tf.mul(dy, up), slope), dUp: tf.mul(dy, value) };
  },

  gelu: (x) => gelu(x),

  geluBackward: (dy, x) => tf.mul(dy, geluWithSlope(x).slope),

  toHeads(x, shape, rotary) {
    const { records, tokens, heads, headWidth } = shape;
    const split = tf.reshape(x, [records, tokens, heads, headWidth]);
    const turned = rotary ? turn(split, shape, rotary, 1) : split;
    return tf.reshape(tf.transpose(turned, [0, 2, 1, 3]), [records * heads, tokens, headWidth]);
  },

  fromHeads(x, shape, rotary) {
    const { records, tokens, heads, headWidth } = shape;
    const joined = tf.transpose(tf.reshape(x, [records, heads, tokens, headWidth]), [0, 2, 1, 3]);
    const turned = rotary ? turn(joined, shape, rotary, -1) : joined;
    return tf.reshape(turned, [records * tokens, heads * headWidth]);
  },

  causalSoftmax(scores, scale, mask) {
    return tf.tidy(() => {
      const [, rows, keys] = scores.shape;
      const scaled = tf.mul(scores, scale);
      // One query per record without a window sees all keys.
      if (mask.tokens === 1 && (mask.window ?? keys) >= keys) return softmax(scaled);
      return softmax(tf.add(scaled, maskTensor(rows, keys, mask)));
    });
  },

  softmaxBackward(dy, y, scale) {
    return tf.tidy(() => {
      const weighted = tf.mul(dy, y);
      return tf.mul(tf.sub(weighted, tf.mul(y, tf.sum(weighted, -1, true))), scale);
    });
  },

  visibleKeys(positions, window, capacity) {
    const mask = new Float32Array(positions.length * capacity).fill(BLOCKED);
    positions.forEach((position, slot) => {
      const first = window === null ? 0 : Math.max(0, position - window + 1);
      mask.fill(0, slot * capacity + first, slot * capacity + position + 1);
    });
    return tf.tensor4d(mask, [positions.length, 1, 1, capacity]);
  },

  cachedAttention({ q, k, v, visible, scale }) {
    return tf.tidy(() => {
      const [slots, keyValueHeads, , headWidth] = k.shape;
      const grouped = tf.reshape(q, [slots, keyValueHeads, -1, headWidth]);
      const scores = tf.matMul(tf.mul(grouped, scale), k, false, true);
      const mixed = tf.matMul(softmax(tf.add(scores, visible)), v);
      return tf.reshape(mixed, [slots, -1]);
    });
  },

  softmaxCrossEntropy(logits, targets, withGradient) {
    const [rows, columns] = logits.shape;
    const places = Int32Array.from(targets, (target, row) => row * columns! + target);
    const chosen = tf.gather(tf.reshape(logits, [-1]), tf.tensor1d(places, 'int32'));
    const highest = tf.max(logits, 1, true);
    const total = tf.sum(tf.exp(tf.sub(logits, highest)), 1);
    const nll = tf.sub(tf.add(tf.log(total), tf.squeeze(highest, [1])), chosen);
    if (!withGradient) return { nll, dLogits: null };
    const onehot = tf.oneHot(tf.tensor1d(targets, 'int32'), columns!);
    return { nll, dLogits: tf.reshape(tf.sub(softmax(logits), onehot), [rows, columns!]) };
  },

  lloyd: composedLloyd,
};

/** Rotates x [records, tokens, heads, headWidth] by the tables, or back if `direction` is -1. */
function turn(x: Tensor, shape: HeadShape, rotary: RotaryTables, direction: 1 | -1): Tensor {
  const { records, tokens, heads, headWidth } = shape;
  const half = headWidth / 2;
  const tables = [rotary.cosine.shape[0] === tokens ? 1 : records, tokens, 1, half];
  const cosine = tf.reshape(rotary.cosine, tables);
  const sine = tf.mul(tf.reshape(rotary.sine, tables), direction);
  const low = tf.slice(x, [0, 0, 0, 0], [records, tokens, heads, half]);
  const high = tf.slice(x, [0, 0, 0, half], [records, tokens, heads, half]);
  return tf.concat(
    [tf.sub(tf.mul(low, cosine), tf.mul(high, sine)), tf.add(tf.mul(high, cosine), tf.mul(low, sine))],
    3,
  );
}

const BLOCKED = -1e9;

/** Returns [rows, keys] with 0 where a query sees a key and a large negative number elsewhere. */
function maskTensor(rows: number, keys: number, { tokens, window }: CausalMask): Tensor {
  const mask = new Float32Array(rows * keys).fill(BLOCKED);
  for (let row = 0; row < rows; row++) {
    const own = keys - tokens + (row % tokens);
    const first = window === null ? 0 : Math.max(0, own - window + 1);
    mask.fill(0, row * keys + first, row * keys + own + 1);
  }
  return tf.tensor2d(mask, [rows, keys]);
}

function siluWithSlope(x: Tensor): { value: Tensor; slope: Tensor } {
  const sigmoid = tf.sigmoid(x);
  const value = tf.mul(x, sigmoid);
  return { value, slope: tf.add(sigmoid, tf.mul(value, tf.sub(1, sigmoid))) };
}

const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** Returns tanh of GELU's inner polynomial (arXiv 1606.08415). */
function geluTanh(x: Tensor): Tensor {
  const cubed = tf.mul(tf.mul(tf.square(x), x), GELU_CUBIC);
  return tf.tanh(tf.mul(tf.add(x, cubed), GELU_SCALE));
}

function gelu(x: Tensor): Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(geluTanh(x), 1));
}

function geluWithSlope(x: Tensor): { value: Tensor; slope: Tensor } {
  const t = geluTanh(x);
  const value = tf.mul(tf.mul(x, 0.5), tf.add(t, 1));
  const inner = tf.mul(tf.add(tf.mul(tf.square(x), 3 * GELU_CUBIC), 1), GELU_SCALE);
  const slope = tf.add(
    tf.mul(tf.add(t, 1), 0.5),
    tf.mul(tf.mul(tf.mul(x, 0.5), tf.sub(1, tf.square(t))), inner),
  );
  return { value, slope };
}
