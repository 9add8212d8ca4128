import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import { openCheckpoint } from '../language-model/load-model.ts';
import { encodeTemplate } from './record-template.ts';

const { tokenizer } = await openCheckpoint('test/cases/models/qwen3-inline');
const prompt = (template: TemplateConfig, label: string) =>
  tokenizer.decode(encodeTemplate({ template, tokenizer }).prefix(label));
const experiment = (name: string) =>
  parseExperiment(JSON.parse(readFileSync(`test/cases/${name}.json`, 'utf8')));

test('dollar signs in a description appear unchanged in the prompt', () => {
  const { template } = experiment('run-dollar');
  expect(prompt(template, 'pos')).toContain('Write a note worth $$$.');
  expect(prompt(template, 'neg')).toContain('Write a note with $& in it.');
});

test.each(['$$', '$&', '$`', "$'", '$1', '$<name>', '\\$'])(
  '%s is not treated as a pattern, anywhere in the prompt',
  (mark) => {
    const template: TemplateConfig = {
      form: 'chat',
      instruction: `${mark} {description} ${mark} {description}`,
      descriptions: { a: `x ${mark} y` },
      system: mark,
    };
    expect(prompt(template, 'a')).toContain(`${mark} x ${mark} y ${mark} x ${mark} y`);
    expect(prompt({ form: 'prefix', task: mark }, mark)).toBe(`[${mark}][${mark}]: `);
  },
);

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'a label %s without a description is refused and uses no inherited property',
  (label) => {
    const template: TemplateConfig = { form: 'chat', instruction: '{description}', descriptions: { a: 'x' } };
    expect(() => prompt(template, label)).toThrow(`template.descriptions lacks "${label}"`);
    expect(prompt({ form: 'prefix', task: 't' }, label)).toContain(`[${label}]`);
  },
);

test('an attribute takes its place in the instruction; without one the prompt is the plain one', () => {
  const template: TemplateConfig = {
    form: 'chat',
    instruction: 'Write {description} about {attribute}.',
    descriptions: { a: 'a note' },
    attributes: { a: ['$& and {description}'] },
    plainInstruction: 'Please write {description}.',
  };
  const { prefix } = encodeTemplate({ template, tokenizer });
  const text = (attribute?: string) => tokenizer.decode(prefix('a', attribute));
  expect(text('rain')).toContain('Write a note about rain.');
  expect(text('$& and {description}')).toContain('Write a note about $& and {description}.');
  expect(text()).toContain('Please write a note.');
  expect(text()).not.toContain('about');
});

test('an experiment with the label constructor and no description for it is refused', () => {
  expect(() => experiment('jl-proto-labels-chat')).toThrow('template.descriptions lacks constructor.');
});
