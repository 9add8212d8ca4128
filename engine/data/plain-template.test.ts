import { expect, test } from 'vitest';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import { plainTemplate } from './plain-template.ts';

const chat: TemplateConfig = { form: 'chat', instruction: 'Tell {description}.', descriptions: { a: 'x' } };

test('a template without attributes stays the same, byte by byte', () => {
  expect(JSON.stringify(plainTemplate(chat))).toBe(JSON.stringify(chat));
  const prefix: TemplateConfig = { form: 'prefix', task: 't' };
  expect(plainTemplate(prefix)).toBe(prefix);
});

test('training with attributes is the training of the plain template: the same bytes, and so the same key', () => {
  const varied: TemplateConfig = {
    form: 'chat',
    instruction: 'Tell {description} about {attribute}.',
    descriptions: { a: 'x' },
    attributes: { a: ['one', 'two'] },
    plainInstruction: 'Tell {description}.',
    plainShare: 0.5,
  };
  expect(JSON.stringify(plainTemplate(varied))).toBe(JSON.stringify(chat));
  expect(plainTemplate({ ...varied, plainInstruction: undefined })).toMatchObject({
    instruction: 'Write {description}.',
  });
});
