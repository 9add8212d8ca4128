import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import { type TextTokenizer, tokenizerFromJson } from './tokenizer.ts';
import { PRE_TOKENIZERS, type PreTokenizer } from './tokenizer-pre.ts';
import { sentencePieceJson } from './tokenizer-sentencepiece.ts';

/** Kinds of tokens that are matched before a text is cut into words (`tokenizer.ggml.token_type`). */
const CONTROL = 3;
const USER_DEFINED = 4;

type Metadata = Record<string, unknown>;

/**
 * Returns the tokenizer from the metadata of a GGUF file: byte-level BPE like GPT-2's, or SentencePiece.
 * Throws InvalidConfig for another kind, ArtifactCorrupt for a missing list.
 */
export function tokenizerFromGguf(metadata: Metadata): TextTokenizer {
  const { json, config } = tokenizerFilesFromGguf(metadata);
  return tokenizerFromJson(json, config);
}

/** Returns the tokenizer of a GGUF file as the contents of tokenizer.json and tokenizer_config.json. */
export function tokenizerFilesFromGguf(metadata: Metadata): { json: object; config: object } {
  const tokens = list<string>(metadata, 'tokens');
  const tokenAt = (key: string) => tokens[Number(metadata[`tokenizer.ggml.${key}`] ?? -1)];
  const { json, addsBeginning } = readModel(metadata, tokens);
  const config = {
    bos_token: tokenAt('bos_token_id'),
    eos_token: tokenAt('eos_token_id'),
    add_bos_token: metadata['tokenizer.ggml.add_bos_token'] ?? addsBeginning,
    chat_template: metadata['tokenizer.chat_template'],
  };
  return { json, config };
}

/**
 * Returns the tokenizer.json with the same ids, and whether a text begins with a token if the file does not
 * say.
 */
function readModel(metadata: Metadata, tokens: string[]): { json: object; addsBeginning: boolean } {
  const model = String(metadata['tokenizer.ggml.model']);
  const types = list<number>(metadata, 'token_type');
  if (model === 'llama') {
    const addsSpace = metadata['tokenizer.ggml.add_space_prefix'] !== false;
    const scores = list<number>(metadata, 'scores');
    return { json: sentencePieceJson({ tokens, types, scores, addsSpace }), addsBeginning: true };
  }
  const pre = String(metadata['tokenizer.ggml.pre']);
  const known = PRE_TOKENIZERS.get(pre);
  if (model !== 'gpt2' || known === undefined)
    throw invalidConfig(
      `The tokenizer ${model}/${pre} of this GGUF file is not supported; llama and gpt2 with ${[...PRE_TOKENIZERS.keys()].join(', ')} are.`,
    );
  const merges = list<string>(metadata, 'merges');
  return { json: byteLevelJson({ known, tokens, types, merges }), addsBeginning: known.addsBeginning };
}

function byteLevelJson(params: {
  known: PreTokenizer;
  tokens: readonly string[];
  types: readonly number[];
  merges: readonly string[];
}): object {
  const { known, tokens, types, merges } = params;
  const { ignore_merges, normalizer, pre_tokenizer } = known;
  return {
    version: '1.0',
    added_tokens: tokens.flatMap((content, id) => addedToken(content, id, types[id])),
    normalizer,
    pre_tokenizer,
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      ignore_merges,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map((merge) => merge.split(' ')),
    },
  };
}

function addedToken(content: string, id: number, type: number): object[] {
  if (type !== CONTROL && type !== USER_DEFINED) return [];
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return [{ id, content, special: type === CONTROL, ...plain }];
}

function list<T>(metadata: Metadata, name: string): T[] {
  const found = metadata[`tokenizer.ggml.${name}`];
  if (Array.isArray(found)) return found;
  throw new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `The GGUF file has no tokenizer.ggml.${name}: fetch it again.`,
  });
}
