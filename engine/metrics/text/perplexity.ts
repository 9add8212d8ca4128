import type { LanguageModel } from '../../language-model/language-model.ts';
import { scoreTexts } from '../../language-model/score.ts';
import type { TextTokenizer } from '../../language-model/tokenizer.ts';
import { type Measure, notDefined } from '../measure.ts';

/**
 * Returns the perplexity of texts under a model: exp of the mean negative log-likelihood in nats per token.
 * It covers all tokens except the first of each text, which has no context. Numbers with different tokenizers
 * are not comparable. Not defined if no text has a second token.
 */
export async function perplexity(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  texts: Iterable<string>;
  /** Number of tokens to read from the beginning of each text. @default all */
  maxTokens?: number;
}): Promise<Measure> {
  let sum = 0;
  let scored = 0;
  for await (const { tokens, nll } of scoreTexts(params)) {
    sum += nll;
    scored += Math.max(0, tokens - 1);
  }
  if (scored === 0) return notDefined('no text has a second token');
  return { value: Math.exp(sum / scored) };
}
