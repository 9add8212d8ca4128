import { expect, test } from 'vitest';
import reference from '../../test/reference/tokenizers.json' with { type: 'json' };
import { tokenizerFromJson } from './tokenizer.ts';
import { tokenizerFromGguf } from './tokenizer-gguf.ts';

const { texts, byteLevel } = reference;
const vocab = Object.fromEntries(byteLevel.vocab.map((token, id) => [token, id]));
const families = Object.entries(reference.families).map(([name, family]) => {
  // The byte-level families share one vocabulary, which is in the file once.
  const shared = family.json.model.vocab === null ? { vocab, merges: byteLevel.merges } : {};
  const json = { ...family.json, model: { ...family.json.model, ...shared } };
  return { ...family, name, json, texts: [...texts, family.special] };
});

test.each(families)('tokenizer.json of $name: ids and text as in Python', ({ json, texts, ids, decoded }) => {
  const tokenizer = tokenizerFromJson(json, { clean_up_tokenization_spaces: false });
  texts.forEach((text, i) => {
    const own = [...tokenizer.beginning, ...tokenizer.encodeTemplate(text)];
    expect(own, JSON.stringify(text)).toEqual(ids[i]);
    expect(tokenizer.decode(own)).toBe(decoded[i]);
  });
});

test.each(families.filter(({ name }) => name !== 'gemma'))(
  'GGUF with the pre-tokenizer $name: ids as in Python',
  ({ name, json, texts, ids }) => {
    const added = json.added_tokens.map(({ content }) => content);
    const tokenizer = tokenizerFromGguf({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': name,
      'tokenizer.ggml.tokens': [...byteLevel.vocab, ...added],
      'tokenizer.ggml.token_type': [...byteLevel.vocab.map(() => 1), ...added.map(() => 3)],
      'tokenizer.ggml.merges': byteLevel.merges,
      'tokenizer.ggml.bos_token_id': byteLevel.vocab.length,
    });
    texts.forEach((text, i) => {
      const own = [...tokenizer.beginning, ...tokenizer.encodeTemplate(text)];
      expect(own, JSON.stringify(text)).toEqual(ids[i]);
    });
  },
);
