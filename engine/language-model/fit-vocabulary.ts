import { invalidConfig } from '../../schemas/errors.ts';
import { TURN_TOKENS } from './chat-form.ts';

type TokenizerJson = {
  added_tokens?: { id: number; content: string; special: boolean }[];
  model: { vocab: Record<string, number> | [string, number][] };
};

/**
 * Returns a tokenizer.json without the special tokens that lack an embedding in the model, such as the image
 * tokens of a text-only model. Their spelling is then plain text. Throws InvalidConfig if any other token
 * lacks an embedding, because a record could contain it.
 */
export function fitVocabulary(params: { path: string; json: object; rows: number }): object {
  const { path, json, rows } = params;
  const { added_tokens: added = [], model } = json as TokenizerJson;
  const special = added.filter(
    ({ id, content, special }) => id >= rows && special && !TURN_TOKENS.has(content),
  );
  const beyond = new Set(special.map(({ id }) => id));
  const vocabulary = idsOf(model.vocab).filter((id) => !beyond.has(id));
  const kept = added.filter(({ id }) => !beyond.has(id));
  const tokens = [...vocabulary, ...kept.map(({ id }) => id)].reduce((most, id) => Math.max(most, id + 1), 0);
  if (tokens > rows)
    throw invalidConfig(
      `${path}: the tokenizer has ${tokens} tokens and the model has embeddings for ${rows}, so texts with the others cannot be read. ` +
        'Use the tokenizer that the model was saved with, or resize the embeddings of the model.',
    );
  return beyond.size === 0 ? json : { ...json, added_tokens: kept };
}

/** Returns the ids of a vocabulary. Unigram models list their tokens, others map each token to its id. */
function idsOf(vocab: TokenizerJson['model']['vocab']): number[] {
  return Array.isArray(vocab) ? vocab.map((_, id) => id) : Object.values(vocab);
}
