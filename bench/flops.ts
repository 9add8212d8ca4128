import { type ModelConfig, matricesOf, matrixShape } from '../engine/language-model/model-config.ts';

/** The matrices that the benchmark adapts, in every block. */
export const ADAPTED = ['q', 'k', 'v', 'o'] as const;

/**
 * Returns the floating-point operations that one record's gradient needs, with a multiply-add counted as
 * two. It counts what an ideal program must do, so no recomputation. Frozen matrices have a forward product
 * and an input gradient, but no weight gradient; LoRA has both. Attention counts all pairs of positions,
 * the masked ones too. Only the predicted positions need logits. Norms, softmax and other element-wise work
 * are left out.
 */
export function finetuneFlops(params: {
  model: ModelConfig;
  rank: number;
  /** Tokens of the record. */
  tokens: number;
  /** Positions with loss. */
  targets: number;
}): number {
  const { model, rank, tokens, targets } = params;
  const { blocks } = model;
  const frozen = product(tokens, blockWeights(model));
  const lowRank = ADAPTED.reduce((sum, matrix) => {
    const { inputs, outputs } = matrixShape(model, matrix);
    return sum + product(tokens, rank * (inputs + outputs));
  }, 0);
  const logits = product(targets, model.width * model.vocabulary);
  const forward = blocks * (frozen + attention(model, tokens, tokens) + lowRank) + logits;
  // Attention and LoRA have two inputs each, hence two gradients for each product.
  const backward = blocks * (frozen + 2 * attention(model, tokens, tokens) + 2 * lowRank) + logits;
  return forward + backward - withoutInputGradient(model, rank, tokens);
}

/** No gradient is needed below the first block: its q, k and v, and their A, pass none on. */
function withoutInputGradient(model: ModelConfig, rank: number, tokens: number): number {
  return (['q', 'k', 'v'] as const).reduce((sum, matrix) => {
    const { inputs, outputs } = matrixShape(model, matrix);
    return sum + product(tokens, inputs * outputs + inputs * rank);
  }, 0);
}

/**
 * Returns the floating-point operations of one text, generated token by token after a prefix that was already
 * computed. Each of the `tokens` is one forward pass over the tokens before it.
 */
export function decodingFlops(params: { model: ModelConfig; prefix: number; tokens: number }): number {
  const { model, prefix, tokens } = params;
  const perToken =
    model.blocks * product(1, blockWeights(model)) + product(1, model.width * model.vocabulary);
  let flops = tokens * perToken;
  for (let i = 0; i < tokens; i++) flops += model.blocks * attention(model, 1, prefix + i + 1);
  return flops;
}

/** Scores of `queries` positions over `keys`, and their weighted sum of values. */
function attention(model: ModelConfig, queries: number, keys: number): number {
  return 2 * product(queries, model.heads * model.headWidth * keys);
}

function blockWeights(model: ModelConfig): number {
  return matricesOf(model).reduce((sum, matrix) => {
    const { inputs, outputs } = matrixShape(model, matrix);
    return sum + inputs * outputs;
  }, 0);
}

/** A product of `rows` rows with a matrix of so many weights. */
function product(rows: number, weights: number): number {
  return 2 * rows * weights;
}
