import { Tokenizer } from '@huggingface/tokenizers';

/** Text to token ids as the encoder expects them: `[CLS]` first, `[SEP]` last. */
export type EncoderTokenizer = {
  /** Ids of a text, at most `maxTokens`: what is cut is the end of the text, never `[SEP]`. */
  encode(text: string, maxTokens: number): number[];
  /** What a text is cut to where nothing else is asked for. */
  maxTokens: number;
};

type TokenizerJson = { truncation?: { max_length: number } | null };

/** From the two files of a Hugging Face checkpoint. `positions` is the most that the model can take. */
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
