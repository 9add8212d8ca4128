// SentencePiece byte-pair tokenizers (Llama 2, Gemma) from a GGUF file, which has each token's text, kind and
// score but no merges. SentencePiece merges the neighbours whose joined token has the highest score. Merges
// in the order of these scores make it the BPE of a tokenizer.json; Hugging Face converts SentencePiece
// models in the same way.

/** Kinds of tokens (`tokenizer.ggml.token_type`). */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
/** SentencePiece writes a space as this character. */
const SPACE = '▁';

/** Returns a tokenizer.json with the same ids. `addsSpace` puts a space before a text. */
export function sentencePieceJson(params: {
  tokens: readonly string[];
  types: readonly number[];
  scores: readonly number[];
  addsSpace: boolean;
}): object {
  const { tokens, types, scores, addsSpace } = params;
  const replaceSpaces = { type: 'Replace', pattern: { String: ' ' }, content: SPACE };
  const restoreSpaces = { type: 'Replace', pattern: { String: SPACE }, content: ' ' };
  return {
    version: '1.0',
    added_tokens: tokens.flatMap((token, id) => addedToken(token, id, types[id])),
    normalizer: {
      type: 'Sequence',
      normalizers: [...(addsSpace ? [{ type: 'Prepend', prepend: SPACE }] : []), replaceSpaces],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        restoreSpaces,
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(addsSpace ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      unk_token: tokens[types.indexOf(UNKNOWN)] ?? null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: mergesByScore(tokens, types, scores),
    },
  };
}

/** Returns a token that is matched literally in a text before anything is merged. */
function addedToken(token: string, id: number, type: number): object[] {
  if (type !== CONTROL && type !== USER_DEFINED && type !== UNKNOWN) return [];
  const content = type === USER_DEFINED ? token.replaceAll(SPACE, ' ') : token;
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return [{ id, content, special: type !== USER_DEFINED, ...plain }];
}

/** Returns every way to join two tokens into a third, highest score of the third first. */
function mergesByScore(
  tokens: readonly string[],
  types: readonly number[],
  scores: readonly number[],
): [string, string][] {
  const normal = new Set(tokens.filter((_, id) => types[id] === NORMAL));
  const byScore = tokens
    .map((token, id) => ({ token, score: scores[id] }))
    .filter(({ token }) => normal.has(token))
    .sort((a, b) => b.score - a.score);
  const merges: [string, string][] = [];
  // A cut inside a character of two code units gives halves that are not tokens.
  for (const { token } of byScore)
    for (let at = 1; at < token.length; at++) {
      const left = token.slice(0, at);
      if (!normal.has(left)) continue;
      const right = token.slice(at);
      if (normal.has(right)) merges.push([left, right]);
    }
  return merges;
}
