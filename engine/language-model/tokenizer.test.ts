import { describe, expect, test } from 'vitest';
import { encodeTemplate } from '../data/record-template.ts';
import { tokenizerFromJson } from './tokenizer.ts';
import { tokenizerFromGguf } from './tokenizer-gguf.ts';
import { PRE_TOKENIZERS } from './tokenizer-pre.ts';

/** GPT-2's one character for each byte. */
const BYTES = Array.from({ length: 256 }, (_, byte) => {
  const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  return printable ? String.fromCodePoint(byte) : undefined;
});
let spare = 256;
const BYTE_CHARACTERS = BYTES.map((character) => character ?? String.fromCodePoint(spare++));

const MERGES = ['Ġ t', 'h e', 'Ġt he', '1 2', '12 3', 'Ċ Ċ'];
const PLAIN = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** Returns a byte-level tokenizer with every byte, a few merges, and the given special tokens after them. */
function byteLevelJson(params: { specials: string[]; pre: string; ignoreMerges?: boolean; bos?: string }) {
  const { specials, pre, bos } = params;
  const tokens = [...BYTE_CHARACTERS, ...MERGES.map((merge) => merge.replace(' ', '')), 'Ġwhole'];
  const known = PRE_TOKENIZERS.get(pre)!;
  const added = specials.map((content, i) => ({
    id: tokens.length + i,
    content,
    special: true,
    ...PLAIN,
  }));
  const bosId = tokens.length + specials.indexOf(bos ?? '');
  const bytes = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true };
  const template = {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: bos, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: { [bos ?? '']: { id: bos, ids: [bosId], tokens: [bos] } },
  };
  return {
    version: '1.0',
    added_tokens: added,
    normalizer: known.normalizer,
    pre_tokenizer: known.pre_tokenizer,
    post_processor: bos ? { type: 'Sequence', processors: [bytes, template] } : bytes,
    decoder: bytes,
    model: {
      type: 'BPE',
      ignore_merges: params.ignoreMerges ?? known.ignore_merges,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: MERGES,
    },
  };
}

const SMOL = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
const LLAMA = [
  '<|begin_of_text|>',
  '<|end_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
];
const GEMMA = ['<pad>', '<eos>', '<bos>', '<start_of_turn>', '<end_of_turn>'];
const FIRST = 256 + MERGES.length + 1;

const CHAT = {
  form: 'chat' as const,
  instruction: 'Write {description}.',
  descriptions: { a: 'a text' },
};
const PREFIX = { form: 'prefix' as const, task: 'Topic' };

/** For each family: its special tokens, its configuration, and the expected template. */
const FAMILIES = [
  {
    family: 'SmolLM2',
    json: byteLevelJson({ specials: SMOL, pre: 'smollm' }),
    config: { bos_token: '<|im_start|>', eos_token: '<|im_end|>' },
    beginning: '',
    endOfText: '<|endoftext|>',
    endOfTurn: '<|im_end|>',
    chat: '<|im_start|>user\nWrite a text.<|im_end|>\n<|im_start|>assistant\n',
    system:
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWrite a text.<|im_end|>\n<|im_start|>assistant\n',
  },
  {
    family: 'Qwen 2.5',
    json: byteLevelJson({ specials: SMOL, pre: 'qwen2' }),
    config: { bos_token: null, eos_token: '<|im_end|>', add_bos_token: false },
    beginning: '',
    endOfText: '<|endoftext|>',
    endOfTurn: '<|im_end|>',
    chat: '<|im_start|>user\nWrite a text.<|im_end|>\n<|im_start|>assistant\n',
    system:
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWrite a text.<|im_end|>\n<|im_start|>assistant\n',
  },
  {
    family: 'Qwen 3, which thinks',
    json: byteLevelJson({ specials: SMOL, pre: 'qwen2' }),
    config: { eos_token: '<|im_end|>', chat_template: '{% if enable_thinking is false %}…' },
    beginning: '',
    endOfText: '<|endoftext|>',
    endOfTurn: '<|im_end|>',
    chat: '<|im_start|>user\nWrite a text.<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    system: undefined,
  },
  {
    family: 'Llama 3',
    json: byteLevelJson({ specials: LLAMA, pre: 'llama-bpe', bos: '<|begin_of_text|>' }),
    config: { bos_token: '<|begin_of_text|>', eos_token: '<|eot_id|>' },
    beginning: '<|begin_of_text|>',
    endOfText: '<|end_of_text|>',
    endOfTurn: '<|eot_id|>',
    chat: '<|start_header_id|>user<|end_header_id|>\n\nWrite a text.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    system:
      '<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWrite a text.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  },
  {
    family: 'Gemma',
    json: byteLevelJson({ specials: GEMMA, pre: 'gpt-2', bos: '<bos>' }),
    config: { add_bos_token: true, bos_token: { content: '<bos>' }, eos_token: '<eos>' },
    beginning: '<bos>',
    endOfText: '<eos>',
    endOfTurn: '<end_of_turn>',
    chat: '<start_of_turn>user\nWrite a text.<end_of_turn>\n<start_of_turn>model\n',
    system: '<start_of_turn>user\nBe brief.\n\nWrite a text.<end_of_turn>\n<start_of_turn>model\n',
  },
];

describe.each(FAMILIES)('$family', ({ json, config, beginning, endOfText, endOfTurn, chat, system }) => {
  const tokenizer = tokenizerFromJson(json, config);
  const idOf = (token: string) => json.added_tokens.find(({ content }) => content === token)!.id;

  test('a template begins as the model expects and ends with the model’s own token', () => {
    const start = beginning === '' ? [] : [idOf(beginning)];
    expect(tokenizer.beginning).toEqual(start);
    const prefix = encodeTemplate({ template: PREFIX, tokenizer });
    expect(prefix.prefix('a')).toEqual([...start, ...tokenizer.encode('[Topic][a]: ')]);
    expect(prefix.stop).toBe(idOf(endOfText));
    const turns = encodeTemplate({ template: CHAT, tokenizer });
    expect(turns.prefix('a')).toEqual([...start, ...tokenizer.encodeTemplate(chat)]);
    expect(turns.stop).toBe(idOf(endOfTurn));
    expect(turns.prefix('a')).toContain(turns.stop);
  });

  test('a system message is where the model expects it', () => {
    const withSystem = encodeTemplate({ template: { ...CHAT, system: 'Be brief.' }, tokenizer });
    if (system !== undefined)
      expect(withSystem.prefix('a')).toEqual([...tokenizer.beginning, ...tokenizer.encodeTemplate(system)]);
    else expect(withSystem.prefix('a').length).toBeGreaterThan(tokenizer.encodeTemplate(chat).length);
  });

  test('no text of a record becomes a special token', () => {
    const text = json.added_tokens.map(({ content }) => content).join(' and ');
    expect(tokenizer.encode(text).filter((id) => id >= FIRST)).toEqual([]);
    expect(tokenizer.encodeTemplate(text).filter((id) => id >= FIRST)).toHaveLength(json.added_tokens.length);
  });

  test('text is decoded unchanged, without special tokens', () => {
    const text = 'The 1234 cafés, 東京: \n\n x';
    const ids = [...tokenizer.beginning, ...tokenizer.encode(text), tokenizer.endOfText!];
    expect(tokenizer.decode(ids)).toBe(text);
    expect(tokenizer.vocabulary).toBe(FIRST + json.added_tokens.length);
  });
});

test('GPT-2 has no chat turns, and the error says what to set instead', () => {
  const json = byteLevelJson({ specials: ['<|endoftext|>'], pre: 'gpt-2' });
  const tokenizer = tokenizerFromJson(json, { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>' });
  expect(tokenizer.beginning).toEqual([]);
  expect(encodeTemplate({ template: PREFIX, tokenizer }).stop).toBe(FIRST);
  expect(() => encodeTemplate({ template: CHAT, tokenizer })).toThrow(/template.form to "prefix"/);
});

test('add_bos_token false takes precedence over the post-processor', () => {
  const json = byteLevelJson({ specials: LLAMA, pre: 'llama-bpe', bos: '<|begin_of_text|>' });
  expect(tokenizerFromJson(json, { add_bos_token: false }).beginning).toEqual([]);
});

test('an eos_token with another name ends a text if none of the usual ones exists', () => {
  const json = byteLevelJson({ specials: ['<stop>'], pre: 'gpt-2' });
  expect(tokenizerFromJson(json, { eos_token: '<stop>' }).endOfText).toBe(FIRST);
  expect(tokenizerFromJson(json, {}).endOfText).toBeNull();
});

/** Returns the metadata of a GGUF file with the same tokenizer. */
function ggufMetadata(params: { specials: string[]; pre: string; bos?: string; more?: object }) {
  const tokens = [...BYTE_CHARACTERS, ...MERGES.map((merge) => merge.replace(' ', '')), 'Ġwhole'];
  const all = [...tokens, ...params.specials];
  return {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': params.pre,
    'tokenizer.ggml.tokens': all,
    'tokenizer.ggml.token_type': all.map((_, id) => (id < tokens.length ? 1 : 3)),
    'tokenizer.ggml.merges': MERGES,
    'tokenizer.ggml.bos_token_id': all.indexOf(params.bos ?? ''),
    ...params.more,
  };
}

test.each([
  ['smollm', SMOL, undefined],
  ['gpt-2', ['<|endoftext|>'], undefined],
  ['qwen2', SMOL, undefined],
  ['llama-bpe', LLAMA, '<|begin_of_text|>'],
] as const)('%s from GGUF cuts words and begins texts like its tokenizer.json', (pre, specials, bos) => {
  const params = { specials: [...specials], pre, bos };
  const fromJson = tokenizerFromJson(byteLevelJson(params), {});
  const fromGguf = tokenizerFromGguf(ggufMetadata(params));
  const text = `I'LL say: the 12345 the whole\n\n the  x ${specials[0]}`;
  expect(fromGguf.encode(text)).toEqual(fromJson.encode(text));
  expect(fromGguf.encodeTemplate(text)).toEqual(fromJson.encodeTemplate(text));
  expect(fromGguf.beginning).toEqual(fromJson.beginning);
  expect(fromGguf.vocabulary).toBe(fromJson.vocabulary);
});

test('each family has its own number of digits that stay together', () => {
  const digits = (pre: string) => {
    const tokenizer = tokenizerFromGguf(ggufMetadata({ specials: ['<|endoftext|>'], pre }));
    return tokenizer.encode('1234').map((id) => tokenizer.decode([id]));
  };
  expect(digits('gpt-2')).toEqual(['123', '4']);
  expect(digits('llama-bpe')).toEqual(['123', '4']);
  expect(digits('qwen2')).toEqual(['1', '2', '3', '4']);
  expect(digits('smollm')).toEqual(['1', '2', '3', '4']);
});

test('Llama 3 keeps a word that is a token whole, without merges that lead to it', () => {
  const whole = 256 + MERGES.length;
  const ids = (pre: string) => tokenizerFromGguf(ggufMetadata({ specials: [], pre })).encode('a whole');
  expect(ids('llama-bpe')).toContain(whole);
  expect(ids('qwen2')).not.toContain(whole);
});

test('add_bos_token of the file decides over the family', () => {
  const file = { specials: LLAMA, pre: 'llama-bpe', bos: '<|begin_of_text|>' };
  expect(tokenizerFromGguf(ggufMetadata(file)).beginning).toEqual([FIRST]);
  const more = { 'tokenizer.ggml.add_bos_token': false };
  expect(tokenizerFromGguf(ggufMetadata({ ...file, more })).beginning).toEqual([]);
});

test('an unknown tokenizer is refused with the supported ones, and a missing list as damage', () => {
  const other = ggufMetadata({ specials: [], pre: 'chameleon' });
  expect(() => tokenizerFromGguf(other)).toThrow(/gpt2\/chameleon.*llama-bpe/);
  const { 'tokenizer.ggml.merges': _, ...cut } = ggufMetadata({ specials: [], pre: 'gpt-2' });
  expect(() => tokenizerFromGguf(cut)).toThrow(/tokenizer\.ggml\.merges/);
});
