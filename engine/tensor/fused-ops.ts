import type { Tensor } from './tensorflow.ts';

/**
 * Rows of several records and heads: [records * tokens, heads * headWidth] and [records * heads, tokens,
 * headWidth].
 */
export type HeadShape = { records: number; tokens: number; heads: number; headWidth: number };

/**
 * Angles of rotary position embedding (RoFormer, arXiv 2104.09864) in the half-split form: element i of a
 * head rotates with element i + headWidth / 2. Tables are [tokens, headWidth / 2], or [records * tokens,
 * headWidth / 2] if each record has its own positions.
 */
export type RotaryTables = { cosine: Tensor; sine: Tensor };

/** The gate of a feed-forward layer: SiLU, or GELU by its tanh approximation. */
export type Activation = 'silu' | 'gelu-tanh';

/**
 * The keys that a query sees. Row r of the queries is token r % tokens; its own key is keys - tokens + r %
 * tokens. It sees the keys up to its own, or only the last `window` of these if a window is set.
 */
export type CausalMask = { tokens: number; window: number | null };

/**
 * The keys that each slot of a cache sees, made by `visibleKeys` only for `cachedAttention` of the same
 * implementation.
 */
export type VisibleKeys = Tensor;

/**
 * Labels and scores [n], centroids [k, dims] and the number of iterations. `finished` if the last one changed
 * no label.
 */
export type Clusters = {
  labels: Tensor;
  scores: Tensor;
  centroids: Tensor;
  iterations: number;
  finished: boolean;
};

/** The steps of a transformer between its matrix products, with their gradients, and k-means. All float32. */
export type FusedOps = {
  /**
   * Root-mean-square norm of each row of x [n, width] times weight; `inverse` [n, 1] is kept for the backward
   * pass.
   */
  rmsNorm(x: Tensor, weight: Tensor, epsilon: number): { y: Tensor; inverse: Tensor };
  /**
   * Gradient of `rmsNorm` with respect to x: r (g - x r^2 mean(g x)), with g = dy * weight and r the inverse;
   * plus `residual` if given.
   */
  rmsNormBackward(params: {
    dy: Tensor;
    x: Tensor;
    weight: Tensor;
    inverse: Tensor;
    residual?: Tensor;
  }): Tensor;
  /** activation(gate) * up, for [n, hidden]. */
  gatedActivation(gate: Tensor, up: Tensor, activation: Activation): Tensor;
  gatedActivationBackward(params: { dy: Tensor; gate: Tensor; up: Tensor; activation: Activation }): {
    dGate: Tensor;
    dUp: Tensor;
  };
  /** GELU by its tanh approximation, for layers without a gate. */
  gelu(x: Tensor): Tensor;
  geluBackward(dy: Tensor, x: Tensor): Tensor;
  /**
   * [records * tokens, heads * headWidth] -> [records * heads, tokens, headWidth], rotated by the tables if
   * given.
   */
  toHeads(x: Tensor, shape: HeadShape, rotary: RotaryTables | null): Tensor;
  /** Both the gradient and the inverse of `toHeads`, with the rotation reversed. */
  fromHeads(x: Tensor, shape: HeadShape, rotary: RotaryTables | null): Tensor;
  /**
   * Softmax over the last axis of scale * scores [batch, queries, keys]. Keys that a query does not see get
   * 0.
   */
  causalSoftmax(scores: Tensor, scale: number, mask: CausalMask): Tensor;
  /** Gradient with respect to the scores: scale * y * (dy - sum(dy * y)). */
  softmaxBackward(dy: Tensor, y: Tensor, scale: number): Tensor;
  /**
   * The keys that one token per slot sees, up to its own at `positions`; only the last `window` if one is
   * set.
   */
  visibleKeys(positions: readonly number[], window: number | null, capacity: number): VisibleKeys;
  /**
   * Attention of one token per slot: q [slots * heads, 1, headWidth] over k and v [slots, keyValueHeads,
   * capacity, headWidth] -> [slots, heads * headWidth].
   */
  cachedAttention(params: { q: Tensor; k: Tensor; v: Tensor; visible: VisibleKeys; scale: number }): Tensor;
  /**
   * Loss (nats) [n] of each row of logits [n, vocabulary] against its target and, on request, its gradient,
   * softmax - onehot.
   */
  softmaxCrossEntropy(
    logits: Tensor,
    targets: Int32Array,
    withGradient: boolean,
  ): { nll: Tensor; dLogits: Tensor | null };
  /**
   * Lloyd's k-means. Each iteration labels each row of x [n, dims] with the nearest of `centroids` [k, dims]
   * (the first if several tie). Then it moves the centroids to the means of their rows. It stops if no label
   * changes, if a cluster is empty, or after `iterations`. The first iteration compares with the labels
   * `before` [n]; below 0 means unknown. Labels and scores x . c - |c|^2 / 2, larger for nearer centroids,
   * are those of the last assignment. If a cluster is empty, the other centroids have moved after that
   * assignment.
   */
  lloyd(params: { x: Tensor; centroids: Tensor; before: Tensor; iterations: number }): Clusters;
};
