import { normaliseText } from '../data/normalise-text.ts';

/** The public tokenizer as the classifier sees it, with the public model's token embeddings where they are used. */
export type TextEncoder = {
  /** Token ids below `vocabularySize`. */
  encode(text: string): number[];
  vocabularySize: number;
  /** [vocabularySize, dims], row by row. */
  embeddings?: { values: Float32Array; dims: number };
};

/** A BERT-style encoder of its own, as a Hugging Face folder on this machine. */
export type EncoderFolder = { folder: string };

/** The token ids of a text, cut to `maxTokens`: what a record becomes depends on no other record. */
export function encodeText(params: { text: string; encoder: TextEncoder; maxTokens: number }): number[] {
  const { text, encoder, maxTokens } = params;
  return encoder.encode(normaliseText(text)).slice(0, maxTokens);
}
