import { Tokenizer } from '@huggingface/tokenizers';
import { type ChatForm, chatFormOf, TURN_TOKENS } from './chat-form.ts';

/** Text to token ids and back, by the checkpoint's own vocabulary. */
export type TextTokenizer = {
  /** One more than the largest id. */
  vocabulary: number;
  /**
   * Ids that the model expects before a text, such as the begin-of-text token of Llama and Gemma. May be
   * empty.
   */
  beginning: readonly number[];
  /** The token that ends a text outside of chat turns; null if the model has none. */
  endOfText: number | null;
  /**
   * How the model writes chat turns, with the id of the token that ends one; null if it has no chat turns.
   */
  chat: { render: ChatForm['render']; endOfTurn: number } | null;
  /**
   * Returns the ids of a text without giving meaning to special tokens; used for records. Adds no token at
   * the start.
   */
  encode(text: string): number[];
  /**
   * Returns the ids of a template, with special tokens such as `<|im_start|>` as single tokens. Adds no token
   * at the start.
   */
  encodeTemplate(text: string): number[];
  /** Returns the text of ids without special tokens. */
  decode(ids: readonly number[]): string;
};

type AddedToken = { id: number; content: string; special: boolean };
type TokenizerJson = {
  added_tokens?: AddedToken[];
  model: { vocab: Record<string, number> };
  post_processor?: PostProcessor | null;
};
type PostProcessor = {
  type: string;
  processors?: PostProcessor[];
  single?: ({ SpecialToken: { id: string } } | { Sequence: object })[];
  special_tokens?: Record<string, { ids: number[] }>;
};
/**
 * The fields read from tokenizer_config.json. A token is given as its text, or as an object with the text.
 */
type TokenizerConfig = {
  bos_token?: string | { content: string } | null;
  eos_token?: string | { content: string } | null;
  add_bos_token?: boolean | null;
  chat_template?: unknown;
};

/** Keeps spaces before punctuation, which belong to the corpus; the library would remove them by default. */
const DECODING = { skip_special_tokens: true, clean_up_tokenization_spaces: false };

/** Usual end-of-text tokens. An instruction-tuned model has its end of turn as eos_token instead. */
const END_OF_TEXT = ['<|endoftext|>', '<|end_of_text|>', '<eos>', '</s>'];

/** Returns the tokenizer from the two files of a Hugging Face checkpoint. */
export function tokenizerFromJson(json: object, config: object): TextTokenizer {
  const { added_tokens: added = [], model, post_processor: post } = json as TokenizerJson;
  const settings = config as TokenizerConfig;
  const tokenizer = new Tokenizer(json, config);
  const addedIds = new Map(added.map((token) => [token.content, token.id]));
  const guarded = added.filter(({ special, content }) => special || TURN_TOKENS.has(content));
  const pattern = new RegExp(
    guarded.map((token) => token.content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    'g',
  );
  const encodeTemplate = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;

  function encode(text: string): number[] {
    // A space breaks up special tokens spelt in a record, so that it cannot end itself or open a turn.
    const plain =
      guarded.length === 0 ? text : text.replace(pattern, (token) => `${token[0]} ${token.slice(1)}`);
    return encodeTemplate(plain);
  }

  const idOf = (token: string | undefined) =>
    token === undefined ? undefined : (addedIds.get(token) ?? model.vocab[token]);
  const endOfText = END_OF_TEXT.find((token) => addedIds.has(token)) ?? content(settings.eos_token);
  const form = chatFormOf({
    has: (token) => addedIds.has(token),
    template: JSON.stringify(settings.chat_template ?? ''),
  });
  return {
    vocabulary: largestId(model.vocab, added) + 1,
    beginning: beginningOf({ settings, post, bos: idOf(content(settings.bos_token)) }),
    endOfText: idOf(endOfText) ?? null,
    chat: form && { render: form.render, endOfTurn: addedIds.get(form.endOfTurn)! },
    encode,
    encodeTemplate,
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids], DECODING)),
  };
}

/**
 * Returns the tokens at the beginning of a text: by `add_bos_token` if given, otherwise by the post-processor
 * for a single text.
 */
function beginningOf(params: {
  settings: TokenizerConfig;
  post: PostProcessor | null | undefined;
  bos: number | undefined;
}): readonly number[] {
  const { settings, post, bos } = params;
  if (settings.add_bos_token === false) return [];
  if (settings.add_bos_token === true && bos !== undefined) return [bos];
  const parts = post?.type === 'Sequence' ? (post.processors ?? []) : [post];
  const template = parts.find((part) => part?.type === 'TemplateProcessing');
  const { single = [], special_tokens: specials = {} } = template ?? {};
  const text = single.findIndex((part) => 'Sequence' in part);
  return single
    .slice(0, text)
    .flatMap((part) => ('SpecialToken' in part ? specials[part.SpecialToken.id].ids : []));
}

function content(token: string | { content: string } | null | undefined): string | undefined {
  return typeof token === 'string' ? token : token?.content;
}

function largestId(vocab: Record<string, number>, added: readonly AddedToken[]): number {
  const largest = (max: number, id: number) => Math.max(max, id);
  return added.map(({ id }) => id).reduce(largest, Object.values(vocab).reduce(largest, -1));
}
