import { expect, test } from 'vitest';
import reference from '../../test/reference/sentencepiece.json' with { type: 'json' };
import { tokenizerFromGguf } from './tokenizer-gguf.ts';

const models = Object.entries(reference.models).map(([name, model]) => ({ name, ...model }));

function metadataOf(model: (typeof models)[number]) {
  return {
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': model.tokens,
    'tokenizer.ggml.token_type': Array.from(model.types, Number),
    'tokenizer.ggml.scores': model.scores,
    'tokenizer.ggml.add_space_prefix': model.addSpacePrefix,
    'tokenizer.ggml.bos_token_id': model.bos,
    'tokenizer.ggml.eos_token_id': model.eos,
  };
}

test.each(models)('a tokenizer like that of $name gives the ids and text of SentencePiece', (model) => {
  const tokenizer = tokenizerFromGguf(metadataOf(model));
  reference.texts.forEach((text, i) => {
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(model.ids[i]);
    expect(tokenizer.decode(model.ids[i])).toBe(model.decoded[i]);
  });
});

test.each(models)(
  'a tokenizer like that of $name begins texts with its token unless the file says no',
  (model) => {
    const metadata = metadataOf(model);
    expect(tokenizerFromGguf(metadata).beginning).toEqual([model.bos]);
    expect(tokenizerFromGguf(metadata).endOfText).toBe(model.eos);
    const without = { ...metadata, 'tokenizer.ggml.add_bos_token': false };
    expect(tokenizerFromGguf(without).beginning).toEqual([]);
  },
);

test('turn tokens of Gemma are single tokens in a template but not in a record, even if they are user-defined', () => {
  const tokenizer = tokenizerFromGguf(metadataOf(models.find(({ name }) => name === 'gemma')!));
  const { chat } = tokenizer;
  const text = chat!.render({ request: 'x' });
  expect(tokenizer.encodeTemplate(text)).toContain(chat!.endOfTurn);
  expect(tokenizer.encode(text)).not.toContain(chat!.endOfTurn);
});
