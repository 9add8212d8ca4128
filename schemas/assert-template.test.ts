import { expect, test } from 'vitest';
import { parseExperiment } from './parse-experiment.ts';

const parse = (template: object) =>
  parseExperiment({
    corpus: { source: 'mail.csv', labels: ['café', 'b'] },
    template: { form: 'chat', descriptions: { café: 'a letter', b: 'a bill' }, ...template },
  });

const attributes = { café: ['on the rent'], b: ['for water', 'for gas'] };

test('attributes go with an instruction that holds them, with labels in the form in which records are compared', () => {
  const { template } = parse({
    instruction: 'Write {description} {attribute}.',
    attributes: { 'cafe\u0301 ': ['on the rent'] },
  });
  expect(template).toMatchObject({ attributes: { café: ['on the rent'] } });
});

test('a template without attributes parses to the fields that it always had', () => {
  expect(Object.keys(parse({}).template)).toEqual(['form', 'instruction', 'descriptions']);
  expect(Object.keys(parse({}).sampling)).not.toContain('filter');
  expect(Object.keys(parse({}).sampling)).not.toContain('endAtSentence');
});

test.each([
  ['an instruction without {attribute}', { attributes }, 'template.instruction must contain {attribute}'],
  [
    '{attribute} without lists',
    { instruction: 'Write {attribute}.' },
    'template.instruction contains {attribute}',
  ],
  ['an instruction that contains neither', { instruction: 'Write.' }, 'must contain {description}'],
  ['a share of plain prompts without lists', { plainShare: 0.5 }, 'go with template.attributes'],
  [
    'a plain instruction without lists',
    { plainInstruction: 'Write {description}.' },
    'go with template.attributes',
  ],
  [
    'a plain instruction without the description',
    { instruction: 'Write {attribute}.', attributes, plainInstruction: 'Write.' },
    'plainInstruction',
  ],
  [
    'attributes of an unknown label',
    { instruction: 'Write {attribute}.', attributes: { ...attributes, c: ['x'] } },
    'template.attributes has c, which corpus.labels does not',
  ],
  ['an empty list', { instruction: 'Write {attribute}.', attributes: { b: [] } }, 'template.attributes.b'],
  [
    'a file, which only the command line reads',
    { instruction: 'Write {attribute}.', attributes: 'lists.json' },
    'must give a list of strings for each label',
  ],
])('%s is refused', (_what, template, message) => {
  expect(() => parse(template)).toThrow(message);
});

test('attributes of a prefix template are refused with what they need', () => {
  const template = { form: 'prefix', task: 't', attributes };
  expect(() => parseExperiment({ corpus: { source: 'mail.csv', labels: ['café', 'b'] }, template })).toThrow(
    'they need template.form "chat"',
  );
});
