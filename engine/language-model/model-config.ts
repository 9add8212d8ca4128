import type { Activation } from '../tensor/ops.ts';

/** Angles of the rotary embedding: base^(-2i / headWidth), scaled for contexts longer than in training. */
export type RotaryConfig = {
  base: number;
  scaling:
    | { kind: 'linear'; factor: number }
    | {
        /** Llama 3 divides low frequencies by `factor`, keeps high ones and blends those in between. */
        kind: 'llama3';
        factor: number;
        lowFrequencyFactor: number;
        highFrequencyFactor: number;
        originalLength: number;
      }
    /** Each frequency has its own divisor: the result of such scaling, as stored in GGUF files. */
    | { kind: 'divisors'; divisors: readonly number[] }
    | null;
};

/** Settings of the attention of one block. */
export type AttentionConfig = {
  /** null if the model adds learned positions to its input instead. */
  rotary: RotaryConfig | null;
  /** A query sees only the last `window` keys, including its own; null means all. */
  window: number | null;
};

export const FAMILIES = ['llama', 'qwen2', 'qwen3', 'gpt2', 'gemma3'] as const;
export type FamilyName = (typeof FAMILIES)[number];

/** The shape of a decoder-only transformer, with the features in which families differ. */
export type ModelConfig = {
  family: FamilyName;
  vocabulary: number;
  /** Width of the residual stream. */
  width: number;
  /** Inner width of the feed-forward layer. */
  hidden: number;
  blocks: number;
  /** Number of query heads. */
  heads: number;
  /** Number of key and value heads; each serves `heads / keyValueHeads` query heads. */
  keyValueHeads: number;
  headWidth: number;
  /** `layer` subtracts the mean and has a bias; `rms` does neither. */
  norm: 'rms' | 'layer';
  normEpsilon: number;
  activation: Activation;
  /** Whether the layer is activation(x gate) * (x up) instead of activation(x up). */
  gated: boolean;
  /** Linear maps with a bias. */
  biases: readonly MatrixName[];
  /** Whether each query and key head has a norm before its rotation. */
  queryKeyNorm: boolean;
  /**
   * Whether the outputs of the attention and the feed-forward layer have a norm before they join the residual
   * stream.
   */
  postNorms: boolean;
  /** Factor of the attention scores. */
  attentionScale: number;
  /** Factor of the embeddings at the input. */
  embeddingScale: number;
  /** Rows of the learned position table; null without one. */
  learnedPositions: number | null;
  /** One per block. */
  attention: readonly AttentionConfig[];
  /** Whether the output projection is the embedding matrix. */
  tiedEmbeddings: boolean;
};

/** The linear maps of a block, as [inputs, outputs]. Only gated feed-forward layers have `gate`. */
export const MATRICES = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type MatrixName = (typeof MATRICES)[number];

/** Returns the matrices of a block of this model. */
export function matricesOf(config: Pick<ModelConfig, 'gated'>): readonly MatrixName[] {
  return config.gated ? MATRICES : MATRICES.filter((matrix) => matrix !== 'gate');
}

/** Returns the numbers of inputs and outputs of a matrix of a block. */
export function matrixShape(config: ModelConfig, matrix: MatrixName): { inputs: number; outputs: number } {
  const { width, hidden, headWidth } = config;
  const queries = config.heads * headWidth;
  const keys = config.keyValueHeads * headWidth;
  switch (matrix) {
    case 'q':
      return { inputs: width, outputs: queries };
    case 'k':
    case 'v':
      return { inputs: width, outputs: keys };
    case 'o':
      return { inputs: queries, outputs: width };
    case 'gate':
    case 'up':
      return { inputs: width, outputs: hidden };
    case 'down':
      return { inputs: hidden, outputs: width };
  }
}
