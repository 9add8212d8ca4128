import { type BlockWeights, blockWeights, type Norm, weightPair } from '../language-model/language-model.ts';
import { loadWeight } from '../language-model/load-language-model.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { EncoderConfig } from './encoder-config.ts';
import type { EncoderSource } from './open-encoder.ts';
import { encoderSpecs } from './weights.ts';

/** A BERT-style encoder in memory. */
export type Encoder = {
  config: EncoderConfig;
  /** Every weight by the names of `encoderSpecs`. */
  weights: ReadonlyMap<string, Tensor>;
  embedding: Tensor;
  positions: Tensor;
  segments: Tensor | null;
  embeddingNorm: Norm;
  blocks: BlockWeights[];
};

/**
 * Reads the weights of a checkpoint into tensors. Throws ArtifactCorrupt if a tensor is missing or has a
 * wrong shape.
 */
export async function loadEncoder(source: Omit<EncoderSource, 'tokenizer'>): Promise<Encoder> {
  const weights = new Map<string, Tensor>();
  for (const spec of encoderSpecs(source.config)) weights.set(spec.name, await loadWeight(source, spec));
  return encoderOf(source.config, weights);
}

/** Returns the encoder with some weights replaced. Neither owns the other's tensors. */
export function withWeights(encoder: Encoder, replaced: ReadonlyMap<string, Tensor>): Encoder {
  return encoderOf(encoder.config, new Map([...encoder.weights, ...replaced]));
}

export function disposeEncoder({ weights }: Encoder): void {
  tf.dispose([...weights.values()]);
}

function encoderOf(config: EncoderConfig, weights: ReadonlyMap<string, Tensor>): Encoder {
  return {
    config,
    weights,
    embedding: weights.get('embedding')!,
    positions: weights.get('positions')!,
    segments: weights.get('segments') ?? null,
    embeddingNorm: weightPair(weights, 'embeddingNorm')!,
    blocks: Array.from({ length: config.blocks }, (_, index) => blockWeights(weights, index)),
  };
}
