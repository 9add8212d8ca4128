/** The shape of a decoder-only transformer of the llama family. */
export type ModelConfig = {
  architecture: 'llama';
  vocabulary: number;
  /** Width of the residual stream. */
  width: number;
  /** Inner width of the gated feed-forward layer. */
  hidden: number;
  blocks: number;
  /** Query heads. */
  heads: number;
  /** Key and value heads; each serves `heads / keyValueHeads` query heads. */
  keyValueHeads: number;
  headWidth: number;
  ropeBase: number;
  normEpsilon: number;
  /** Whether the output projection is the embedding matrix. */
  tiedEmbeddings: boolean;
};

/** The seven matrices of a block, as [inputs, outputs] of the linear map. */
export const MATRICES = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type MatrixName = (typeof MATRICES)[number];

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

/** Parameters of the whole model. */
export function parameterCount(config: ModelConfig): number {
  const { width, vocabulary, blocks } = config;
  const matrices = MATRICES.reduce((sum, matrix) => {
    const { inputs, outputs } = matrixShape(config, matrix);
    return sum + inputs * outputs;
  }, 0);
  const embeddings = vocabulary * width * (config.tiedEmbeddings ? 1 : 2);
  return embeddings + width + blocks * (matrices + 2 * width);
}
