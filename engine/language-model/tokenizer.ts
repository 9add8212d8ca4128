import { Tokenizer } from '@huggingface/tokenizers';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';

/** Text to token ids and back, by the checkpoint's own vocabulary. */
export type TextTokenizer = {
  vocabulary: number;
  /** Ids of a text in which special tokens have no meaning: what records get. No token is added at its start. */
  encode(text: string): number[];
  /** Ids of a template in which special tokens such as `<|im_start|>` are single tokens. */
  encodeTemplate(text: string): number[];
  /** Text of ids, without special tokens. */
  decode(ids: readonly number[]): string;
  /** The id of a special token. Throws InvalidConfig where the model has none of that name. */
  special(token: string): number;
};

type AddedToken = { id: number; content: string; special: boolean };
type TokenizerJson = { added_tokens?: AddedToken[]; model: { vocab: Record<string, number> } };

/** From the two files of a Hugging Face checkpoint. */
export function tokenizerFromJson(json: object, config: object): TextTokenizer {
  const { added_tokens: added = [], model } = json as TokenizerJson;
  const specials = added.filter((token) => token.special);
  const tokenizer = new Tokenizer(json, config);
  const pattern = new RegExp(
    specials.map((token) => token.content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    'g',
  );
  const bySpecial = new Map(specials.map((token) => [token.content, token.id]));
  const encodeTemplate = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;

  function encode(text: string): number[] {
    // A record that spells a special token must not be able to end itself or open a turn: a space breaks it up.
    const plain =
      specials.length === 0 ? text : text.replace(pattern, (token) => `${token[0]} ${token.slice(1)}`);
    return encodeTemplate(plain);
  }

  return {
    vocabulary: Object.keys(model.vocab).length,
    encode,
    encodeTemplate,
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids], { skip_special_tokens: true })),
    special(token) {
      const id = bySpecial.get(token);
      if (id === undefined)
        throw invalidConfig(`The model has no special token ${token}: choose the other template.form.`);
      return id;
    },
  };
}

/** Pre-tokenizers of the GGUF names that are supported, as tokenizer.json spells them. */
const PRE_TOKENIZERS: Record<string, object> = {
  smollm: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Digits', individual_digits: true },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    ],
  },
  'gpt-2': { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
};

const GGUF_CONTROL_TOKEN = 3;

/** From the metadata of a GGUF file: byte-level BPE of the GPT-2 kind. */
export function tokenizerFromGguf(metadata: Record<string, unknown>): TextTokenizer {
  const model = metadata['tokenizer.ggml.model'];
  const pre = String(metadata['tokenizer.ggml.pre']);
  const preTokenizer = PRE_TOKENIZERS[pre];
  if (model !== 'gpt2' || preTokenizer === undefined)
    throw invalidConfig(`The tokenizer ${String(model)}/${pre} of this GGUF file is not supported.`);
  const tokens = metadata['tokenizer.ggml.tokens'] as string[] | undefined;
  const types = metadata['tokenizer.ggml.token_type'] as number[] | undefined;
  const merges = metadata['tokenizer.ggml.merges'] as string[] | undefined;
  if (!tokens || !types || !merges)
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message: 'The GGUF file holds no tokenizer: fetch it again.',
    });
  const json = {
    version: '1.0',
    added_tokens: tokens.flatMap((content, id) =>
      types[id] === GGUF_CONTROL_TOKEN
        ? [
            {
              id,
              content,
              special: true,
              single_word: false,
              lstrip: false,
              rstrip: false,
              normalized: false,
            },
          ]
        : [],
    ),
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map((merge) => merge.split(' ')),
    },
  };
  return tokenizerFromJson(json, {});
}
