import { normaliseText } from '../data/normalise-text.ts';

/** The public tokenizer as the classifier sees it, with the public model's token embeddings where they are used. */
export type TextEncoder = {
  /** Token ids below `vocabularySize`. */
  encode(text: string): number[];
  vocabularySize: number;
  /** [vocabularySize, dims], row by row. */
  embeddings?: { values: Float32Array; dims: number };
};

/** Stands where a text has ended. */
export const PADDING = -1;

/**
 * Token ids [texts, maxTokens], row by row: long texts are cut, short ones end in PADDING, so that what a record
 * becomes depends on no other record.
 */
export function encodeTexts(params: {
  texts: string[];
  encoder: TextEncoder;
  maxTokens: number;
}): Int32Array {
  const { texts, encoder, maxTokens } = params;
  const ids = new Int32Array(texts.length * maxTokens).fill(PADDING);
  for (const [row, text] of texts.entries())
    ids.set(encoder.encode(normaliseText(text)).slice(0, maxTokens), row * maxTokens);
  return ids;
}
