import type { ModelConfig } from '../language-model/model-config.ts';

/** The shape of a BERT-style encoder: a norm behind each layer, learned positions, attention in both directions. */
export type EncoderConfig = Pick<
  ModelConfig,
  | 'vocabulary'
  | 'width'
  | 'hidden'
  | 'blocks'
  | 'heads'
  | 'keyValueHeads'
  | 'headWidth'
  | 'attentionScale'
  | 'norm'
  | 'normEpsilon'
> & {
  /** Of the feed-forward layer: GELU by the error function, by its tanh approximation, or ReLU. */
  activation: EncoderActivation;
  /** Learned positions: no text has more tokens. */
  positions: number;
  /** Rows of the segment embedding, of which every token here gets the first; 0 where the model has none. */
  segments: number;
};

export type EncoderActivation = 'gelu' | 'gelu-tanh' | 'relu';

/** The config of sizes that all encoders share: as many key as query heads, layer norms. */
export function encoderConfig(
  sizes: Omit<EncoderConfig, 'keyValueHeads' | 'headWidth' | 'attentionScale' | 'norm'>,
): EncoderConfig {
  const headWidth = sizes.width / sizes.heads;
  return {
    ...sizes,
    keyValueHeads: sizes.heads,
    headWidth,
    attentionScale: 1 / Math.sqrt(headWidth),
    norm: 'layer',
  };
}
