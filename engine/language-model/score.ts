import { setImmediate } from 'node:timers/promises';
import type { LanguageModel } from './language-model.ts';
import { recordLosses } from './record-losses.ts';
import type { TextTokenizer } from './tokenizer.ts';

const BATCH = 16;

/**
 * Negative log-likelihood of each text under the model, in nats, summed over the tokens after the first: nothing
 * stands before the first one, so it has no probability. Where the model expects a begin-of-text token, that is the
 * first. Yields in the order of the texts. Of a longer text the tokens behind `maxTokens` are left out.
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
    // Ops block the event loop: between batches others get their turn.
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
