import { matMul, rmsNorm, rmsNormBackward, softmax, swiglu, swigluBackward } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockWeights } from './llama.ts';
import type { LoraLayout, LoraTensors } from './lora.ts';
import type { MatrixName, ModelConfig } from './model-config.ts';
import { type Rotary, rotate, rotateBackward } from './rotary.ts';

/**
 * What a block needs to know of the batch: [records, tokens], padded on the right. `causalMask` is null where each
 * record has one token only, which may look at all before it.
 */
export type BatchShape = { records: number; tokens: number; rotary: Rotary; causalMask: Tensor | null };

/** Keys and values of earlier tokens: [records * keyValueHeads, earlier tokens, headWidth]. */
export type KeyValues = { k: Tensor; v: Tensor };

/** A block's adapters: its own A and B of each adapted matrix. */
export type BlockLora = {
  scale: number;
  freezeA: boolean;
  matrices: Map<MatrixName, { a: Tensor; b: Tensor }>;
};

/** What the backward pass needs again. Tensors of [records * tokens, ...] unless said otherwise. */
export type BlockTape = {
  x: Tensor;
  attentionInverse: Tensor;
  normed: Tensor;
  /** [records * heads, tokens, headWidth], rotated */
  q: Tensor;
  /** [records * keyValueHeads, tokens, headWidth] */
  k: Tensor;
  v: Tensor;
  /** [records * keyValueHeads, heads / keyValueHeads * tokens, tokens] */
  attention: Tensor;
  context: Tensor;
  middle: Tensor;
  feedForwardInverse: Tensor;
  feedForwardNormed: Tensor;
  gate: Tensor;
  up: Tensor;
  activated: Tensor;
};

/** Per-record gradients of one adapted matrix: dA [records, inputs, rank], null where frozen, and dB [records, rank, outputs]. */
export type SiteGradient = { dA: Tensor | null; dB: Tensor };
export type BlockGradients = Partial<Record<MatrixName, SiteGradient>>;

export function blockLora(layout: LoraLayout, tensors: LoraTensors, block: number): BlockLora {
  const own = tensors.filter(({ site }) => site.block === block);
  const { scale, freezeA } = layout;
  return { scale, freezeA, matrices: new Map(own.map(({ site, a, b }) => [site.matrix, { a, b }])) };
}

/** [records * tokens, heads * headWidth] -> [records * heads, tokens, headWidth] */
function splitHeads(x: Tensor, shape: BatchShape, heads: number, headWidth: number): Tensor {
  const { records, tokens } = shape;
  const split = tf.transpose(tf.reshape(x, [records, tokens, heads, headWidth]), [0, 2, 1, 3]);
  return tf.reshape(split, [records * heads, tokens, headWidth]);
}

/** The inverse of `splitHeads`. */
function joinHeads(x: Tensor, shape: BatchShape, heads: number, headWidth: number): Tensor {
  const { records, tokens } = shape;
  const joined = tf.transpose(tf.reshape(x, [records, heads, tokens, headWidth]), [0, 2, 1, 3]);
  return tf.reshape(joined, [records * tokens, heads * headWidth]);
}

/** scale (x A) B where the matrix is adapted, added to the base output. */
function adapt(base: Tensor, x: Tensor, matrix: MatrixName, lora: BlockLora | null): Tensor {
  const site = lora?.matrices.get(matrix);
  if (!lora || !site) return base;
  return tf.add(base, tf.mul(matMul(matMul(x, site.a), site.b), lora.scale));
}

/**
 * One transformer block: x [records * tokens, width] -> same shape, with what `blockBackward` needs.
 * Grouped-query attention without copies: the query heads that share a key head stand in one matrix.
 */
export function blockForward(params: {
  x: Tensor;
  weights: BlockWeights;
  config: ModelConfig;
  shape: BatchShape;
  lora: BlockLora | null;
  past?: KeyValues;
}): { y: Tensor; tape: BlockTape } {
  const { x, weights, config, shape, lora, past } = params;
  const { heads, keyValueHeads, headWidth, hidden, normEpsilon } = config;
  const { records, tokens, rotary, causalMask } = shape;
  const rows = records * tokens;
  const queries = heads * headWidth;
  const keys = keyValueHeads * headWidth;

  const { y: normed, inverse: attentionInverse } = rmsNorm(x, weights.attentionNorm, normEpsilon);
  const qkv = matMul(normed, weights.qkv);
  const part = (matrix: MatrixName, from: number, width: number) =>
    adapt(tf.slice(qkv, [0, from], [rows, width]), normed, matrix, lora);
  const q = rotate(splitHeads(part('q', 0, queries), shape, heads, headWidth), rotary);
  const newK = rotate(splitHeads(part('k', queries, keys), shape, keyValueHeads, headWidth), rotary);
  const newV = splitHeads(part('v', queries + keys, keys), shape, keyValueHeads, headWidth);
  const k = past ? tf.concat([past.k, newK], 1) : newK;
  const v = past ? tf.concat([past.v, newV], 1) : newV;

  const grouped = tf.reshape(q, [records * keyValueHeads, (heads / keyValueHeads) * tokens, headWidth]);
  const scores = tf.mul(tf.matMul(grouped, k, false, true), 1 / Math.sqrt(headWidth));
  const attention = softmax(causalMask ? tf.add(scores, causalMask) : scores);
  const context = joinHeads(tf.matMul(attention, v), shape, heads, headWidth);
  const middle = tf.add(x, adapt(matMul(context, weights.o), context, 'o', lora));

  const { y: feedForwardNormed, inverse: feedForwardInverse } = rmsNorm(
    middle,
    weights.feedForwardNorm,
    normEpsilon,
  );
  const gateUp = matMul(feedForwardNormed, weights.gateUp);
  const gate = adapt(tf.slice(gateUp, [0, 0], [rows, hidden]), feedForwardNormed, 'gate', lora);
  const up = adapt(tf.slice(gateUp, [0, hidden], [rows, hidden]), feedForwardNormed, 'up', lora);
  const activated = swiglu(gate, up);
  const y = tf.add(middle, adapt(matMul(activated, weights.down), activated, 'down', lora));

  return {
    y,
    tape: {
      x,
      attentionInverse,
      normed,
      q,
      k,
      v,
      attention,
      context,
      middle,
      feedForwardInverse,
      feedForwardNormed,
      gate,
      up,
      activated,
    },
  };
}

/**
 * Gradient of one block. `dy` [records * tokens, width] is summed over nothing: each record's rows are its own, so
 * the gradients of A and B come out record by record as batched products over that record's tokens.
 * `needsInput` false skips what only blocks below would use.
 */
export function blockBackward(params: {
  dy: Tensor;
  tape: BlockTape;
  weights: BlockWeights;
  config: ModelConfig;
  shape: BatchShape;
  lora: BlockLora;
  needsInput: boolean;
}): { dx: Tensor | null; gradients: BlockGradients } {
  const { dy, tape, weights, config, shape, lora, needsInput } = params;
  const { heads, keyValueHeads, headWidth } = config;
  const { records, tokens, rotary } = shape;
  const gradients: BlockGradients = {};

  /** Notes dA and dB of a matrix with output gradient `d`, and gives its share of the input gradient. */
  function adapted(matrix: MatrixName, x: Tensor, d: Tensor): Tensor | null {
    const site = lora.matrices.get(matrix);
    if (!site) return null;
    const byRecord = (t: Tensor) => tf.reshape(t, [records, tokens, t.shape[1]!]);
    const scaled = tf.mul(d, lora.scale);
    const dLow = matMul(scaled, site.b, { transposeB: true });
    gradients[matrix] = {
      dA: lora.freezeA ? null : tf.matMul(byRecord(x), byRecord(dLow), true, false),
      dB: tf.matMul(byRecord(matMul(x, site.a)), byRecord(scaled), true, false),
    };
    return matMul(dLow, site.a, { transposeB: true });
  }
  const plus = (base: Tensor, extra: Tensor | null) => (extra ? tf.add(base, extra) : base);

  const dActivated = plus(
    matMul(dy, weights.down, { transposeB: true }),
    adapted('down', tape.activated, dy),
  );
  const { dGate, dUp } = swigluBackward(dActivated, tape.gate, tape.up);
  let dNormed = matMul(tf.concat([dGate, dUp], 1), weights.gateUp, { transposeB: true });
  dNormed = plus(dNormed, adapted('gate', tape.feedForwardNormed, dGate));
  dNormed = plus(dNormed, adapted('up', tape.feedForwardNormed, dUp));
  const dMiddle = tf.add(
    dy,
    rmsNormBackward({
      dy: dNormed,
      x: tape.middle,
      weight: weights.feedForwardNorm,
      inverse: tape.feedForwardInverse,
    }),
  );

  const dContext = plus(
    matMul(dMiddle, weights.o, { transposeB: true }),
    adapted('o', tape.context, dMiddle),
  );
  const groupedShape = [records * keyValueHeads, (heads / keyValueHeads) * tokens, headWidth];
  const dMixed = tf.reshape(splitHeads(dContext, shape, heads, headWidth), groupedShape);
  const dAttention = tf.matMul(dMixed, tape.v, false, true);
  const dV = tf.matMul(tape.attention, dMixed, true, false);
  const weighted = tf.mul(dAttention, tape.attention);
  const dScores = tf.mul(
    tf.sub(weighted, tf.mul(tape.attention, tf.sum(weighted, -1, true))),
    1 / Math.sqrt(headWidth),
  );
  const dQ = tf.reshape(tf.matMul(dScores, tape.k), tape.q.shape);
  const dK = tf.matMul(dScores, tf.reshape(tape.q, groupedShape), true, false);

  const flatQ = joinHeads(rotateBackward(dQ, rotary), shape, heads, headWidth);
  const flatK = joinHeads(rotateBackward(dK, rotary), shape, keyValueHeads, headWidth);
  const flatV = joinHeads(dV, shape, keyValueHeads, headWidth);
  const extra = [
    adapted('q', tape.normed, flatQ),
    adapted('k', tape.normed, flatK),
    adapted('v', tape.normed, flatV),
  ];
  if (!needsInput) return { dx: null, gradients };
  let dInput = matMul(tf.concat([flatQ, flatK, flatV], 1), weights.qkv, { transposeB: true });
  for (const share of extra) dInput = plus(dInput, share);
  const dx = tf.add(
    dMiddle,
    rmsNormBackward({ dy: dInput, x: tape.x, weight: weights.attentionNorm, inverse: tape.attentionInverse }),
  );
  return { dx, gradients };
}
