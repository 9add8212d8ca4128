import { expect, it } from 'vitest';
import { loadLanguageModel } from '../../language-model/load-language-model.ts';
import { scoreTexts } from '../../language-model/score.ts';
import { TINY_CONFIG, tinyCheckpoint } from '../../language-model/tiny-checkpoint.fixture.ts';
import { perplexity } from './perplexity.ts';

const source = tinyCheckpoint();
const { tokenizer } = source;

it('is the size of the vocabulary for a model that knows nothing', async () => {
  const model = await loadLanguageModel({
    ...source,
    read: async (name) => {
      const { shape, values } = await source.read(name);
      return { shape, values: values.fill(0) };
    },
  });
  const { value } = await perplexity({ model, tokenizer, texts: ['abcdef', 'gh', '', 'x'] });
  expect(value).toBeCloseTo(TINY_CONFIG.vocabulary, 3);
});

it('weights tokens equally, not texts', async () => {
  const model = await loadLanguageModel(source);
  const texts = ['a long text of many tokens', 'no'];
  let nll = 0;
  for await (const score of scoreTexts({ model, tokenizer, texts })) nll += score.nll;
  const { value } = await perplexity({ model, tokenizer, texts });
  expect(value).toBeCloseTo(Math.exp(nll / (25 + 1)), 6);
});

it('is not defined without a second token', async () => {
  const model = await loadLanguageModel(source);
  for (const texts of [[], [''], ['a', '', 'b']])
    expect(await perplexity({ model, tokenizer, texts })).toEqual({
      value: null,
      because: 'no text has a second token',
    });
});
