import { normaliseText } from '../data/normalise-text.ts';

/**
 * The public tokenizer as the classifier uses it, with the public model's token embeddings if they are used.
 */
export type TextEncoder = {
  /** Returns token ids below `vocabularySize`. */
  encode(text: string): number[];
  vocabularySize: number;
  /** [vocabularySize, dims], row by row. */
  embeddings?: { values: Float32Array; dims: number };
};

/** A separate BERT-style encoder in a local Hugging Face folder. */
export type EncoderFolder = { folder: string };

/** Returns the token ids of a text, cut to `maxTokens`. They depend on no other record. */
export function encodeText(params: { text: string; encoder: TextEncoder; maxTokens: number }): number[] {
  const { text, encoder, maxTokens } = params;
  return encoder.encode(normaliseText(text)).slice(0, maxTokens);
}
