import type { PackedMatrix } from '../tensor/frozen-matmul.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { MATRICES, type MatrixName, type ModelConfig } from './model-config.ts';
import { weightSpecs } from './weights.ts';

/**
 * y = x weight + bias, with weight [inputs, outputs]. `transposed` [outputs, inputs] is an optional copy for
 * the backward pass (see for-training.ts). A frozen matrix exists only in bfloat16 (see in-bfloat16.ts).
 */
export type Linear = { bias: Tensor | null } & (
  | { weight: Tensor; transposed?: Tensor }
  | { frozen: FrozenMatrix }
);
/** A matrix in bfloat16. `backward` is its transpose, or null if no gradient passes through it. */
export type FrozenMatrix = { forward: PackedMatrix; backward: PackedMatrix | null };
export type Norm = { weight: Tensor; bias: Tensor | null };

/** The weights of one block, as used by its forward and backward passes. */
export type BlockWeights = {
  attentionNorm: Norm;
  feedForwardNorm: Norm;
  attentionPostNorm: Norm | null;
  feedForwardPostNorm: Norm | null;
  queryNorm: Norm | null;
  keyNorm: Norm | null;
  /** `gate` is missing if the feed-forward layer is not gated. */
  matrices: Partial<Record<MatrixName, Linear>>;
};

/**
 * A decoder-only language model in memory. If the embeddings are tied, `output` [vocabulary, width] is
 * `embedding` itself.
 */
export type LanguageModel = {
  config: ModelConfig;
  /** Every weight by the names of `weightSpecs`. */
  weights: ReadonlyMap<string, Tensor>;
  embedding: Tensor;
  positions: Tensor | null;
  blocks: BlockWeights[];
  finalNorm: Norm;
  output: Tensor;
  /**
   * The output matrix for products in bfloat16, [width, vocabulary]; null in a model that computes in
   * float32.
   */
  frozenOutput: FrozenMatrix | null;
  /** A soft prompt [length, width] before every input; null without one. */
  prompt: Tensor | null;
};

/** Returns a model made of weights in memory. It owns none of them. */
export function modelOf(params: {
  config: ModelConfig;
  weights: ReadonlyMap<string, Tensor>;
  prompt?: Tensor | null;
}): LanguageModel {
  const { config, weights, prompt = null } = params;
  const embedding = weights.get('embedding')!;
  return {
    config,
    weights,
    embedding,
    positions: weights.get('positions') ?? null,
    blocks: Array.from({ length: config.blocks }, (_, index) => blockWeights(weights, index)),
    finalNorm: weightPair(weights, 'finalNorm')!,
    output: config.tiedEmbeddings ? embedding : weights.get('output')!,
    frozenOutput: null,
    prompt,
  };
}

/** Returns the weights of one block from those of a whole model by name. */
export function blockWeights(weights: ReadonlyMap<string, Tensor>, index: number): BlockWeights {
  const pair = (part: string) => weightPair(weights, `blocks.${index}.${part}`);
  const matrices = MATRICES.flatMap((matrix) => {
    const linear = pair(matrix);
    return linear ? [[matrix, linear] as const] : [];
  });
  return {
    attentionNorm: pair('attentionNorm')!,
    feedForwardNorm: pair('feedForwardNorm')!,
    attentionPostNorm: pair('attentionPostNorm'),
    feedForwardPostNorm: pair('feedForwardPostNorm'),
    queryNorm: pair('queryNorm'),
    keyNorm: pair('keyNorm'),
    matrices: Object.fromEntries(matrices),
  };
}

/** Returns the weight of this name with its bias, or null if there is none. */
export function weightPair(weights: ReadonlyMap<string, Tensor>, name: string): Norm | null {
  const weight = weights.get(`${name}.weight`);
  return weight ? { weight, bias: weights.get(`${name}.bias`) ?? null } : null;
}

/**
 * Returns a model whose weights come as one flat vector, in the order of `weightSpecs`, as full
 * fine-tuning trains them.
 */
export function modelFromValues(config: ModelConfig, values: Float32Array): LanguageModel {
  const weights = new Map<string, Tensor>();
  let offset = 0;
  for (const { name, shape } of weightSpecs(config)) {
    const length = shape.reduce((a, b) => a * b, 1);
    weights.set(name, tf.tensor(values.subarray(offset, offset + length), shape));
    offset += length;
  }
  return modelOf({ config, weights });
}

/** Returns a copy of the model with some weights replaced. Neither owns the other's tensors. */
export function withWeights(model: LanguageModel, replaced: ReadonlyMap<string, Tensor>): LanguageModel {
  return modelOf({
    config: model.config,
    weights: new Map([...model.weights, ...replaced]),
    prompt: model.prompt,
  });
}

export function disposeModel(model: LanguageModel): void {
  tf.dispose([...model.weights.values()]);
}
