import type { LanguageModel } from '../../language-model/language-model.ts';
import { scoreTexts } from '../../language-model/score.ts';
import type { TextTokenizer } from '../../language-model/tokenizer.ts';
import { type Measure, notDefined } from '../measure.ts';

/**
 * Perplexity of texts under a model: exp of the mean negative log-likelihood, in nats, of a token, over all tokens of all
 * texts but the first of each, which nothing stands before. Numbers of unlike tokenizers are not comparable. Not defined
 * where no text has a second token.
 */
export async function perplexity(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  texts: Iterable<string>;
  /** Of each text, from its beginning. @default all */
  maxTokens?: number;
}): Promise<Measure> {
  let sum = 0;
  let scored = 0;
  for await (const { tokens, nll } of scoreTexts(params)) {
    sum += nll;
    scored += Math.max(0, tokens - 1);
  }
  if (scored === 0) return notDefined('no text has a token behind its first');
  return { value: Math.exp(sum / scored) };
}
