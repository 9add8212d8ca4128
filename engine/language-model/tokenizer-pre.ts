// How byte-level BPE tokenizers cut a text into words before merging, in the form of tokenizer.json. The keys
// are the names in GGUF files (`tokenizer.ggml.pre`; llama.cpp, src/llama-vocab.cpp).

/** The part of a tokenizer.json to which a GGUF file refers by name. */
export type PreTokenizer = {
  normalizer: object | null;
  pre_tokenizer: object;
  /** Whether a word that is a token stays whole regardless of the merges. */
  ignore_merges: boolean;
  /** Whether a begin-of-text token precedes a text if the file does not say. */
  addsBeginning: boolean;
};

/** The pattern of GPT-2 is part of the library's ByteLevel step. */
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/** Returns a split with another pattern than GPT-2's; `digits` matches the digits that stay together. */
function splitBy(digits: string): object {
  const pattern = [
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
    '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+',
    digits,
    ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*',
    '\\s*[\\r\\n]+',
    '\\s+(?!\\S)',
    '\\s+',
  ].join('|');
  return {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
      { ...BYTE_LEVEL, use_regex: false },
    ],
  };
}

const PLAIN = { normalizer: null, ignore_merges: false, addsBeginning: false };

export const PRE_TOKENIZERS: ReadonlyMap<string, PreTokenizer> = new Map([
  ['gpt-2', { ...PLAIN, pre_tokenizer: BYTE_LEVEL }],
  [
    'smollm',
    {
      ...PLAIN,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'Digits', individual_digits: true }, BYTE_LEVEL],
      },
    },
  ],
  // Llama 3.
  [
    'llama-bpe',
    { ...PLAIN, pre_tokenizer: splitBy('\\p{N}{1,3}'), ignore_merges: true, addsBeginning: true },
  ],
  // Qwen 2, 2.5 and 3.
  ['qwen2', { ...PLAIN, pre_tokenizer: splitBy('\\p{N}'), normalizer: { type: 'NFC' } }],
]);
