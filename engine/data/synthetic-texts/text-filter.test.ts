import { describe, expect, it } from 'vitest';
import { samplingSchema } from '../../../schemas/settings/sampling.ts';
import type { TemplateConfig } from '../../../schemas/settings/template.ts';
import { createTextFilter } from './text-filter.ts';

const english: TemplateConfig = {
  form: 'chat',
  instruction: 'Write {description} about {attribute}. Begin with the name of a friend.',
  descriptions: { a: 'a short text message to a friend, in lower case', b: 'an advert' },
  attributes: { a: ['lunch'] },
};

function filter(settings: object = {}, template: TemplateConfig = english) {
  return createTextFilter({ filter: samplingSchema.parse({ filter: settings }).filter, template });
}
const ruleOf = (text: string, template: TemplateConfig = english) =>
  filter({}, template)(text, { record: 0, label: 'a', attribute: 'lunch' });

describe('placeholders', () => {
  it.each([
    'Dear [Name], see you at 8',
    'Hi [friend_name]!',
    'Best, [Your Name]',
    "Hello [Friend's Name] from [Home Area]",
    'Liebe [Ihr Name], bis morgen',
    'Sehr geehrte Frau [Nachname]',
    '亲爱的[您的姓名]，明天见',
    '你好［姓名］，再见',
    'Hi {{first_name}}, your code is ready',
    'Thanks, <Your Name>',
    'My name is ______.',
  ])('%s is removed', (text) => {
    expect(ruleOf(text)).toBe('placeholder');
  });

  it.each([
    'The value list[index] is [1, 2]',
    'He wrote "recieve" [sic] twice [citation needed]',
    'See [the report](https://example.org/a)',
    'Let f be continuous on [a, b] and x in [0, 1]',
    '【中国移动】您的话费余额不足',
    'the set {1, 2, 3} <3 you',
    'a_b and snake_case_name',
    'Die Straße [3] ist alt',
  ])('%s stays', (text) => {
    expect(ruleOf(text)).toBeNull();
  });
});

describe('leaks of the instruction', () => {
  it.each([
    "Sure, here's a text message: hi",
    'Sure! Here is the message you asked for',
    '"Certainly! Here are three messages',
    'Here is a short text message to a friend:\n\nhi',
    'As an AI language model, I cannot meet you',
    "I'm sorry, but I can't assist with that",
    'Natürlich! Hier ist eine Nachricht: Hallo',
    'Hier ist eine kurze Nachricht an einen Freund:\nHallo',
    'Voici un message court : salut',
    'Claro, aquí tienes un mensaje',
    '当然！以下是一条短信：你好',
    '以下是给朋友的短信：你好',
    'Write a short text message to a friend, in lower case about lunch.',
    'ok. a short text MESSAGE to a friend in lower case, done',
  ])('%s is removed', (text) => {
    expect(ruleOf(text)).toBe('instruction');
  });

  it.each([
    'Sure, see you at 8',
    'Sure thing mate, here at the station already',
    'Here is my number 555 0199, call me',
    'ok here we go',
    "sorry i can't make it to lunch, will write later",
    'a short text message',
    'Hier ist es kalt. Und bei dir?',
    '当然，我明天来',
  ])('%s stays', (text) => {
    expect(ruleOf(text)).toBeNull();
  });

  it('in a language without spaces repeat some words in a row', () => {
    const chinese: TemplateConfig = {
      form: 'chat',
      instruction: '请写{description}，内容是{attribute}。',
      descriptions: { a: '一条给朋友的简短手机短信，语气轻松' },
      attributes: { a: ['lunch'] },
    };
    expect(ruleOf('请写一条给朋友的简短手机短信，语气轻松', chinese)).toBe('instruction');
    expect(ruleOf('我们中午一起吃饭吧', chinese)).toBeNull();
  });

  it('are known by the prompt of the text alone: a prefix template has no instruction', () => {
    expect(ruleOf('Write a short text message to a friend', { form: 'prefix', task: 't' })).toBeNull();
  });
});

it('empty texts are removed; an emoji or a sum says something', () => {
  for (const text of ['', ' \n', '...', '—']) expect(ruleOf(text)).toBe('empty');
  for (const text of ['👍', '$', '7']) expect(ruleOf(text)).toBeNull();
});

it('of texts that are equal but for case and white space the first stays', () => {
  const rule = filter();
  const prompt = { record: 0, label: 'a' };
  expect(rule('See you', prompt)).toBeNull();
  expect(rule('see  you ', { ...prompt, label: 'b' })).toBe('duplicate');
  expect(rule('See you!', prompt)).toBeNull();
  const without = filter({ duplicates: false });
  expect([without('x', prompt), without('x', prompt)]).toEqual([null, null]);
});

it('each rule can be switched off, and without a filter nothing is removed', () => {
  const prompt = { record: 0, label: 'a', attribute: 'lunch' };
  for (const [rule, text] of [
    ['placeholders', 'Hi [Name]'],
    ['instructions', 'Sure, here is a text'],
    ['empty', '...'],
  ] as const)
    expect(filter({ [rule]: false })(text, prompt)).toBeNull();
  const none = createTextFilter({ filter: undefined, template: english });
  for (const text of ['', '', 'Hi [Name]']) expect(none(text, prompt)).toBeNull();
});
