import type { Activation } from '../tensor/ops.ts';

/** Angles of the rotary embedding: base^(-2i / headWidth), stretched for contexts longer than those trained on. */
export type RotaryConfig = {
  base: number;
  scaling:
    | { kind: 'linear'; factor: number }
    | {
        /** Llama 3: low frequencies are divided by factor, high ones kept, those between blended. */
        kind: 'llama3';
        factor: number;
        lowFrequencyFactor: number;
        highFrequencyFactor: number;
        originalLength: number;
      }
    /** Each frequency divided by its own number: the result of such a stretching, as GGUF files hold it. */
    | { kind: 'divisors'; divisors: readonly number[] }
    | null;
};

/** What the attention of one block sees. */
export type AttentionConfig = {
  /** null where the model adds learned positions to its input instead. */
  rotary: RotaryConfig | null;
  /** Only the last `window` keys, the query's own among them; null is all. */
  window: number | null;
};

export const FAMILIES = ['llama', 'qwen2', 'qwen3', 'gpt2', 'gemma3'] as const;
export type FamilyName = (typeof FAMILIES)[number];

/** The shape of a decoder-only transformer: what the families differ in, as features. */
export type ModelConfig = {
  family: FamilyName;
  vocabulary: number;
  /** Width of the residual stream. */
  width: number;
  /** Inner width of the feed-forward layer. */
  hidden: number;
  blocks: number;
  /** Query heads. */
  heads: number;
  /** Key and value heads; each serves `heads / keyValueHeads` query heads. */
  keyValueHeads: number;
  headWidth: number;
  /** `layer` subtracts the mean and has a bias; `rms` neither. */
  norm: 'rms' | 'layer';
  normEpsilon: number;
  activation: Activation;
  /** activation(x gate) * (x up), or activation(x up) alone. */
  gated: boolean;
  /** Linear maps with a bias. */
  biases: readonly MatrixName[];
  /** A norm of each query and key head before it is turned. */
  queryKeyNorm: boolean;
  /** A second norm after the attention and after the feed-forward layer, before each joins the residual stream. */
  postNorms: boolean;
  /** Factor of the attention scores. */
  attentionScale: number;
  /** Factor of the embeddings at the input. */
  embeddingScale: number;
  /** Rows of the learned position table; null without one. */
  learnedPositions: number | null;
  /** One a block. */
  attention: readonly AttentionConfig[];
  /** Whether the output projection is the embedding matrix. */
  tiedEmbeddings: boolean;
};

/** The linear maps of a block, as [inputs, outputs]. `gate` only where the feed-forward layer is gated. */
export const MATRICES = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type MatrixName = (typeof MATRICES)[number];

/** The matrices that blocks of this model have. */
export function matricesOf(config: Pick<ModelConfig, 'gated'>): readonly MatrixName[] {
  return config.gated ? MATRICES : MATRICES.filter((matrix) => matrix !== 'gate');
}

/** Inputs and outputs of each matrix of a block. */
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
