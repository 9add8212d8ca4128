import type { ModelConfig } from '../language-model/model-config.ts';

/**
 * The shape of a BERT-style encoder: a norm after each layer, learned positions, attention in both
 * directions.
 */
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
  /** Activation of the feed-forward layer: GELU by the error function, by its tanh approximation, or ReLU. */
  activation: EncoderActivation;
  /** Number of learned positions, the maximum number of tokens of a text. */
  positions: number;
  /** Rows of the segment embedding; every token gets the first one. 0 if the model has none. */
  segments: number;
};

export type EncoderActivation = 'gelu' | 'gelu-tanh' | 'relu';

/**
 * Returns the config for these sizes, with the features that all encoders share: as many key as query heads,
 * and layer norms.
 */
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
