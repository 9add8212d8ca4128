import { invalidConfig } from '../../schemas/errors.ts';
import { TURN_TOKENS } from './chat-form.ts';

type TokenizerJson = {
  added_tokens?: { id: number; content: string; special: boolean }[];
  model: { vocab: Record<string, number> | [string, number][] };
};

/**
 * A tokenizer.json without the special tokens that the model has no embedding for, such as the image tokens of a model that only
 * reads text: their spelling is then plain text. Throws InvalidConfig for any other token beyond the embedding, which a record
 * could hold.
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
        'Take the tokenizer that the model was saved with, or resize the embeddings of the model.',
    );
  return beyond.size === 0 ? json : { ...json, added_tokens: kept };
}

/** Unigram models list their tokens, others map each to its id. */
function idsOf(vocab: TokenizerJson['model']['vocab']): number[] {
  return Array.isArray(vocab) ? vocab.map((_, id) => id) : Object.values(vocab);
}
