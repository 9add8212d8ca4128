import { setImmediate } from 'node:timers/promises';
import type { LanguageModel } from './language-model.ts';
import { recordLosses } from './record-losses.ts';
import type { TextTokenizer } from './tokenizer.ts';

const BATCH = 16;

/**
 * Yields the negative log-likelihood of each text under the model in nats, in the order of the texts. It sums
 * over the tokens after the first one, which has no context and so no probability. If the model expects a
 * begin-of-text token, that is the first token. Tokens after `maxTokens` are left out.
 */
export async function* scoreTexts(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  texts: Iterable<string>;
  /** @default all */
  maxTokens?: number;
}): AsyncGenerator<{ tokens: number; ids: number[]; nll: number }> {
  const { model, tokenizer, texts, maxTokens } = params;
  let batch: number[][] = [];
  for (const text of texts) {
    batch.push([...tokenizer.beginning, ...tokenizer.encode(text).slice(0, maxTokens)]);
    if (batch.length < BATCH) continue;
    yield* scoreBatch(model, batch);
    batch = [];
    // Tensor operations block the event loop, so other tasks run between batches.
    await setImmediate();
  }
  if (batch.length > 0) yield* scoreBatch(model, batch);
}

function scoreBatch(
  model: LanguageModel,
  sequences: number[][],
): { tokens: number; ids: number[]; nll: number }[] {
  const sums = recordLosses({ model, records: sequences.map((ids) => ({ ids, prefixLength: 1 })) });
  return sequences.map((ids, row) => ({ tokens: ids.length, ids, nll: sums[row] }));
}
