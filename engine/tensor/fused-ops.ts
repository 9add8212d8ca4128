import type { Tensor } from './tensorflow.ts';

/** Rows of several records and heads: [records * tokens, heads * headWidth] and [records * heads, tokens, headWidth]. */
export type HeadShape = { records: number; tokens: number; heads: number; headWidth: number };

/**
 * Angles of rotary position embedding (RoFormer, arXiv 2104.09864) in the half-split form: element i of a head turns
 * with element i + headWidth / 2. Tables are [tokens, headWidth / 2], or [records * tokens, headWidth / 2] where each
 * record has its own positions.
 */
export type RotaryTables = { cosine: Tensor; sine: Tensor };

/** The gate of a feed-forward layer: SiLU, or GELU by its tanh approximation. */
export type Activation = 'silu' | 'gelu-tanh';

/**
 * Which keys a query sees. Row r of the queries is token r % tokens; its own key is keys - tokens + r % tokens. It sees
 * the keys up to its own, of these the last `window` only where a window is set.
 */
export type CausalMask = { tokens: number; window: number | null };

/** Which keys each slot of a cache sees: made by `visibleKeys`, for the same implementation's `cachedAttention` alone. */
export type VisibleKeys = Tensor;

/** Labels and scores [n], centroids [k, dims], and how many iterations it took: `finished` where the last changed no label. */
export type Clusters = {
  labels: Tensor;
  scores: Tensor;
  centroids: Tensor;
  iterations: number;
  finished: boolean;
};

/** The steps of a transformer between its matrix products, with their gradients, and k-means. All float32. */
export type FusedOps = {
  /** Root-mean-square norm of each row of x [n, width] times weight; `inverse` [n, 1] is kept for the backward pass. */
  rmsNorm(x: Tensor, weight: Tensor, epsilon: number): { y: Tensor; inverse: Tensor };
  /** Gradient of `rmsNorm` by x: r (g - x r^2 mean(g x)), g = dy * weight, r the inverse; plus `residual` where given. */
  rmsNormBackward(params: {
    dy: Tensor;
    x: Tensor;
    weight: Tensor;
    inverse: Tensor;
    residual?: Tensor;
  }): Tensor;
  /** activation(gate) * up, of [n, hidden]. */
  gatedActivation(gate: Tensor, up: Tensor, activation: Activation): Tensor;
  gatedActivationBackward(params: { dy: Tensor; gate: Tensor; up: Tensor; activation: Activation }): {
    dGate: Tensor;
    dUp: Tensor;
  };
  /** GELU by its tanh approximation, of the layers without a gate. */
  gelu(x: Tensor): Tensor;
  geluBackward(dy: Tensor, x: Tensor): Tensor;
  /** [records * tokens, heads * headWidth] -> [records * heads, tokens, headWidth], turned by the tables where given. */
  toHeads(x: Tensor, shape: HeadShape, rotary: RotaryTables | null): Tensor;
  /** The way back, turned backwards: the gradient of `toHeads`, and its inverse. */
  fromHeads(x: Tensor, shape: HeadShape, rotary: RotaryTables | null): Tensor;
  /** Softmax over the last axis of scale * scores [batch, queries, keys]; keys that a query does not see get 0. */
  causalSoftmax(scores: Tensor, scale: number, mask: CausalMask): Tensor;
  /** Gradient by the scores: scale * y * (dy - sum(dy * y)). */
  softmaxBackward(dy: Tensor, y: Tensor, scale: number): Tensor;
  /** The keys that one token a slot sees: up to its own, at `positions`, the last `window` of them where one is set. */
  visibleKeys(positions: readonly number[], window: number | null, capacity: number): VisibleKeys;
  /**
   * Attention of one token a slot: q [slots * heads, 1, headWidth] over k and v [slots, keyValueHeads, capacity, headWidth]
   * -> [slots, heads * headWidth].
   */
  cachedAttention(params: { q: Tensor; k: Tensor; v: Tensor; visible: VisibleKeys; scale: number }): Tensor;
  /**
   * Loss (nats) [n] of each row of logits [n, vocabulary] against its target, and its gradient, softmax - onehot, where
   * asked for.
   */
  softmaxCrossEntropy(
    logits: Tensor,
    targets: Int32Array,
    withGradient: boolean,
  ): { nll: Tensor; dLogits: Tensor | null };
  /**
   * Lloyd's k-means: gives each row of x [n, dims] the label of the nearest of `centroids` [k, dims], the first of equals, and moves
   * the centroids to the means of their rows; until no label changes from what it was, `before` [n] (below 0: unknown) at first,
   * or a cluster is empty, or the iterations are over. Labels and scores x . c - |c|^2 / 2, the larger the nearer, are those of the
   * last assignment. Where a cluster is empty, the other centroids have been moved after it.
   */
  lloyd(params: { x: Tensor; centroids: Tensor; before: Tensor; iterations: number }): Clusters;
};
