import { Tokenizer } from '@huggingface/tokenizers';

/** Converts text to the token ids that the encoder expects: `[CLS]` first, `[SEP]` last. */
export type EncoderTokenizer = {
  /** Returns the ids of a text, at most `maxTokens`. Cuts the end of the text, never `[SEP]`. */
  encode(text: string, maxTokens: number): number[];
  /** The default length to which a text is cut. */
  maxTokens: number;
};

type TokenizerJson = { truncation?: { max_length: number } | null };

/**
 * Returns the tokenizer from the two files of a Hugging Face checkpoint. `positions` is the maximum of the
 * model.
 */
export function encoderTokenizer(params: {
  json: object;
  config: object;
  positions: number;
}): EncoderTokenizer {
  const { json, config, positions } = params;
  const tokenizer = new Tokenizer(json, config);
  const { truncation } = json as TokenizerJson;
  return {
    encode(text, maxTokens) {
      const { ids } = tokenizer.encode(text);
      const most = Math.min(maxTokens, positions);
      return ids.length <= most ? ids : [...ids.slice(0, most - 1), ids[ids.length - 1]];
    },
    maxTokens: Math.min(truncation?.max_length ?? positions, positions),
  };
}
