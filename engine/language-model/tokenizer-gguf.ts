import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import { type TextTokenizer, tokenizerFromJson } from './tokenizer.ts';
import { PRE_TOKENIZERS } from './tokenizer-pre.ts';

/** Kinds of tokens that are found in a text before it is cut into words (`tokenizer.ggml.token_type`). */
const CONTROL = 3;
const USER_DEFINED = 4;

/** From the metadata of a GGUF file: byte-level BPE of the GPT-2 kind. Throws InvalidConfig for another kind. */
export function tokenizerFromGguf(metadata: Record<string, unknown>): TextTokenizer {
  const model = String(metadata['tokenizer.ggml.model']);
  const pre = String(metadata['tokenizer.ggml.pre']);
  const known = PRE_TOKENIZERS.get(pre);
  if (model !== 'gpt2' || known === undefined) throw unsupported(model, pre);
  const tokens = metadata['tokenizer.ggml.tokens'] as string[] | undefined;
  const types = metadata['tokenizer.ggml.token_type'] as number[] | undefined;
  const merges = metadata['tokenizer.ggml.merges'] as string[] | undefined;
  if (!tokens || !types || !merges)
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message: 'The GGUF file holds no tokenizer: fetch it again.',
    });
  const { addsBeginning, ignore_merges, normalizer, pre_tokenizer } = known;
  const json = {
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
  return tokenizerFromJson(json, {
    bos_token: tokenAt(metadata['tokenizer.ggml.bos_token_id']),
    eos_token: tokenAt(metadata['tokenizer.ggml.eos_token_id']),
    add_bos_token: metadata['tokenizer.ggml.add_bos_token'] ?? addsBeginning,
    chat_template: metadata['tokenizer.chat_template'],
  });

  function tokenAt(id: unknown): string | undefined {
    return typeof id === 'number' ? tokens?.[id] : undefined;
  }
}

function addedToken(content: string, id: number, type: number): object[] {
  if (type !== CONTROL && type !== USER_DEFINED) return [];
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return [{ id, content, special: type === CONTROL, ...plain }];
}

function unsupported(model: string, pre: string): DpsynthError {
  if (model === 'llama')
    return invalidConfig(
      'This GGUF file has a SentencePiece tokenizer, which is not read from GGUF: take the model as a Hugging Face folder or ' +
        'from the hub, whose tokenizer.json is read.',
    );
  return invalidConfig(
    `The tokenizer ${model}/${pre} of this GGUF file is not supported; gpt2/${[...PRE_TOKENIZERS.keys()].join(', gpt2/')} are.`,
  );
}
